#!/bin/sh
# Writes the digest of every image behind its tag, in compose.yaml and the Containerfile: a registry
# can move a tag, not a digest. Run it where the registries can be reached, after each change of a
# tag, and commit what it writes. Needs skopeo. Another folder may be given, for tests.
set -eu
cd "${1:-$(dirname "$0")}"
command -v skopeo >/dev/null || { echo "digests: skopeo is not installed." >&2; exit 1; }

images() {
    sed -n 's/^ *image: \([^ ]*:[^ ]*\)$/\1/p' compose.yaml
    sed -n 's/^FROM \([^ ]*:[^ ]*\) AS .*/\1/p' Containerfile
}

for image in $(images | sort -u); do
    tagged=${image%@*}
    digest=$(skopeo inspect --format '{{.Digest}}' "docker://$tagged") ||
        { echo "digests: $tagged could not be looked up; nothing was changed for it." >&2; exit 1; }
    case $digest in
        sha256:????????????????????????????????????????????????????????????????) ;;
        *) echo "digests: $tagged has no digest but $digest." >&2; exit 1 ;;
    esac
    sed -i "s#$image\( \|\$\)#$tagged@$digest\1#" compose.yaml Containerfile
    echo "$tagged@$digest"
done
