import assert from "node:assert/strict";
import { test } from "node:test";
import { span } from "../src/files/parts.ts";

test("parts are of one size but the last, and cover the file", () => {
  assert.deepEqual(span(1, 8, 20), [0, 8]);
  assert.deepEqual(span(2, 8, 20), [8, 16]);
  assert.deepEqual(span(3, 8, 20), [16, 20]);
});
