// Shakes hands with the Saleor Dashboard that frames us, and shows the product's panel.
// The Dashboard posts {type: "handshake", payload: {token, saleorApiUrl, …}} once we say that we are
// ready, and again before a token ends.
const panel = document.getElementById("panel");
const asked = new URLSearchParams(location.search);
const product = asked.get("productId") ?? asked.get("id") ?? "";
const apiUrl = asked.get("saleorApiUrl") ?? "";
let shown = false;

function say(text) {
  const line = document.createElement("p");
  line.textContent = text;
  panel.replaceChildren(line);
}

async function show(token) {
  if (shown) return;
  shown = true;
  const answer = await fetch(panel.dataset.content, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Saleor-Api-Url": apiUrl },
    body: new URLSearchParams({ product }),
  });
  const text = await answer.text();
  panel.removeAttribute("aria-busy");
  if (answer.ok) {
    // Our own server's template, with every value escaped there.
    panel.innerHTML = text;
  } else {
    shown = false;
    say(text);
  }
}

addEventListener("message", (event) => {
  if (event.source !== parent || typeof event.data !== "object" || event.data === null) return;
  const { type, payload } = event.data;
  const token = payload?.token;
  if ((type === "handshake" || type === "tokenRefresh") && typeof token === "string") {
    show(token).catch(() => say("The shop does not answer. Load the page again."));
  }
});
parent.postMessage({ type: "notifyReady", payload: { actionId: crypto.randomUUID() } }, "*");
