// Why it exists: a photo, scan or recording becomes an op and its bytes in one transaction; what is shown comes from here
// while it waits, and from the server afterwards.

import { HEAD_BYTES, sniff } from "../domain/media.js";
import { rule } from "../domain/rules.js";
import { keptBytes, keptFiles, letFileGo } from "../store/blobs.js";
import { sha256 } from "../store/codec.js";
import { Refusal } from "./refusal.js";

const MB = 1024 * 1024;

/** @param {{ctx: import("./cycle.js").Context, desk: import("./workspace.js").Workspace, saved: () => void}} given */
export function makeAttachments({ ctx, desk, saved }) {
  const { journal, wire } = ctx;

  /** @param {string} code @param {Record<string, any>} [details] @returns {Refusal} in the words of codes.json */
  function refusal(code, details = {}) {
    const text = desk.schema.codes[code].message;
    return new Refusal(
      code,
      text.replace(/\{(\w+)\}/g, (/** @type {string} */ _all, /** @type {string} */ name) => String(details[name])),
    );
  }

  /** What a file is, found in its content. @param {Blob} bytes @throws {Refusal} blob.type, blob.too_large */
  async function looked(bytes) {
    const most = rule(desk.schema, desk.ref("rule"), "blob.max_mb", desk.branch);
    if (bytes.size > most * MB) throw refusal("blob.too_large", { limit_mb: most });
    const all = new Uint8Array(await bytes.arrayBuffer());
    const media_type = sniff(all.subarray(0, HEAD_BYTES));
    if (!media_type) throw refusal("blob.type");
    return { sha256: await sha256(all), bytes: all.length, media_type };
  }

  return {
    /**
     * Adds to a vehicle's file: on the disk with its bytes before it resolves. Without bytes it is one that was added before.
     * @param {any} doc the attachment but for what is found in its content @param {Blob | null} bytes
     * @returns {Promise<any>} the attachment @throws {Refusal} also blob.type, blob.too_large, app.no_room
     */
    async attach(doc, bytes) {
      const found = bytes ? await looked(bytes) : {};
      const attachment = { ...doc, id: ctx.freshId(), ...found };
      const file = { sha256: attachment.sha256, type: attachment.media_type, bytes };
      const { decision } = await desk.save("attachment.add", { attachment }, {}, [file]);
      saved();
      return decision.changes[0].doc;
    },

    /** Takes one out of sight; one that the server refused for good goes with its bytes. @param {string} id @param {string} reason */
    async detach(id, reason) {
      const { decision } = await desk.save("attachment.void", { id, reason });
      saved();
      const gone = decision.changes[0]?.doc;
      const row = (await keptFiles(journal)).find(
        (one) => one.sha256 === gone?.sha256 && one.state === "refused",
      );
      if (row) await letFileGo(journal, row);
    },

    /**
     * The bytes to show: from here while they wait, else from the server.
     * @param {string} hash @param {"" | "view" | "thumb"} [view] a picture made smaller, where the server is asked
     * @returns {Promise<Blob>} @throws {import("./wire.js").WireError} offline, blob.waiting while another tablet has it
     */
    async blob(hash, view = "") {
      const part = desk.space.part.code;
      const here = await keptBytes(journal, part, hash);
      if (here) return here;
      return wire.getBlob({ part, sha256: hash }, view, (await ctx.session())?.token);
    },
  };
}
