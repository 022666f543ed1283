/** Photographs dropped on a piece's page are sent one by one, each with its progress. */

import { send, token } from "./files/api.ts";
import { follow } from "./files/live.ts";
import { queue } from "./files/queue.ts";

const form = document.querySelector<HTMLFormElement>("[data-photographs]");
if (form) {
  const address = form.dataset["photographs"] ?? "";
  queue(
    form,
    async (file, signal, progress) => {
      const headers = { "X-CSRFToken": token(), "Content-Type": "application/octet-stream" };
      await send("POST", `${address}?name=${encodeURIComponent(file.name)}`, file, headers, signal, progress);
      return "";
    },
    () => location.reload(),
  );
}
follow();
