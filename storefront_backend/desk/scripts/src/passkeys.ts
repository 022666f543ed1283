/**
 * Makes and uses passkeys (WebAuthn): the browser's answer goes into a hidden field of a form.
 *
 * A part of the page with `data-passkey` holds the form; the options come from the element
 * #passkey-options, or from the address in `data-passkey-options` when the button is pressed.
 */

type Json = Record<string, unknown>;
type Described = { id: string; type: PublicKeyCredentialType; transports?: AuthenticatorTransport[] };

const bytes = (text: string): ArrayBuffer => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (each) => each.charCodeAt(0)).buffer;
};

const text = (buffer: ArrayBuffer): string => {
  const plain = Array.from(new Uint8Array(buffer), (each) => String.fromCharCode(each)).join("");
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

const described = (list: Described[] | undefined): PublicKeyCredentialDescriptor[] =>
  (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

async function make(options: any): Promise<Json> {
  const publicKey: PublicKeyCredentialCreationOptions = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: described(options.excludeCredentials),
  };
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    ...common(made),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

async function use(options: any): Promise<Json> {
  const publicKey: PublicKeyCredentialRequestOptions = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: described(options.allowCredentials),
  };
  const used = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  const response = used.response as AuthenticatorAssertionResponse;
  return {
    ...common(used),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null,
    },
  };
}

const common = (credential: PublicKeyCredential): Json => ({
  id: credential.id,
  rawId: text(credential.rawId),
  type: credential.type,
  authenticatorAttachment: credential.authenticatorAttachment,
  clientExtensionResults: credential.getClientExtensionResults(),
});

async function options(part: HTMLElement): Promise<unknown> {
  const address = part.dataset.passkeyOptions;
  if (!address) return JSON.parse(document.querySelector("#passkey-options")!.textContent!).publicKey;
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).request_options.publicKey;
}

function serve(part: HTMLElement): void {
  const form = part.querySelector("form")!;
  const button = part.querySelector<HTMLButtonElement>("button[type=button]")!;
  const why = part.querySelector<HTMLElement>("[role=alert]")!;
  part.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    why.hidden = true;
    try {
      const credential = await (part.dataset.passkey === "make" ? make : use)(await options(part));
      form.querySelector<HTMLInputElement>("[name=credential]")!.value = JSON.stringify(credential);
      form.submit();
    } catch {
      // Cancelled, too late, or no passkey of this site: the browser does not say which.
      why.textContent = part.dataset.passkeyFailed ?? "";
      why.hidden = false;
      button.disabled = false;
    }
  });
}

const able = typeof PublicKeyCredential !== "undefined" && window.isSecureContext;
for (const part of document.querySelectorAll<HTMLElement>("[data-passkey]")) {
  if (able) serve(part);
  else part.hidden = true;
}
const none = document.querySelector<HTMLElement>("#no-passkeys");
if (none) none.hidden = able;
