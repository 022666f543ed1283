"""Photographs: an untrusted picture in, files for pages out, through a confined child.

    develop(path, folder)
      ├─ kinds       which files are pictures, by their first bytes
      ├─ child       in the sandbox: decode, turn upright, to sRGB, scale, write
      └─ checks the answer again: names, kinds, sizes

What comes out holds no metadata: no place, camera, serial number or thumbnail.
"""
