/** Requests to the desk's JSON API: same origin, with the page's CSRF token; errors in words. */

export class Refused extends Error {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

export const token = (): string =>
  document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";

/** The answer's JSON. Throws Refused with what the API says, hint and all. */
export async function ask<T>(method: string, url: string, said?: unknown, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: { "X-CSRFToken": token(), ...(said === undefined ? {} : { "Content-Type": "application/json" }) },
    ...(said === undefined ? {} : { body: JSON.stringify(said) }),
    ...(signal ? { signal } : {}),
  });
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused([found.message, found.hint].filter(Boolean).join(" ") || answer.statusText, answer.status);
  return found as T;
}

/** Sends bytes with progress from 0 to 1; fetch cannot say how much has gone. */
export function send(
  method: string, url: string, body: Blob, headers: Record<string, string>, signal: AbortSignal,
  progress: (share: number) => void,
): Promise<unknown> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => progress(event.loaded / Math.max(1, event.total)));
    request.addEventListener("error", () => failed(new TypeError("network")));
    request.addEventListener("abort", () => failed(new DOMException("stopped", "AbortError")));
    request.addEventListener("load", () => {
      let said: { message?: string; hint?: string } = {};
      try {
        said = JSON.parse(request.responseText || "{}");
      } catch {
        // A store answers in XML, or not at all.
      }
      if (request.status >= 200 && request.status < 300) done(said);
      else failed(new Refused([said.message, said.hint].filter(Boolean).join(" ") || request.statusText, request.status));
    });
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(body);
  });
}
