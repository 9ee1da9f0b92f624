// Why it exists: a save is told twice and truthfully: 「已存本机」 when the journal holds it, 「已上传」 when the server took it.
import { app } from "../lib/app.js";
import { navigate } from "../lib/router.js";
import { toast } from "../parts/cd-toast.js";
import { onNews } from "./session.js";

/** Ops of this page whose upload is still to be told. @type {Map<string, string>} op id → what it was */
const watched = new Map();
let listening = false;

/** Looks what became of the watched ops; a locked tablet knows it, too. */
async function look() {
  if (!watched.size) return;
  const states = await app.op_states([...watched.keys()]);
  for (const [id, what] of [...watched]) {
    if (states[id] === "parked") refused(id);
    else if (states[id] === "acked" || states[id] === "done") uploaded(id, what);
  }
}

/** @param {string} id @param {string} what */
function uploaded(id, what) {
  if (watched.delete(id)) toast(`已上传：${what}`, { level: "done" });
}

/** @param {string} id */
function refused(id) {
  if (!watched.delete(id)) return;
  toast("服务器没有接受刚才的内容，内容都在。", { level: "late", action: "查看原因", run: () => void navigate(`/parked?op=${id}`) });
}

/**
 * Saves one user action and says so; throws what `app.save` throws.
 * @param {string} kind op kind @param {any} body @param {{what: string, base?: any}} options `what`: e.g. 回访记录
 * @returns {Promise<any>} {op_id, status, decision}
 */
export async function save(kind, body, { what, base }) {
  const saved = await app.save(kind, body, base);
  toast(saved.op_id ? `已存本机：${what}` : "没有改动，不用保存。", { level: "info" });
  if (!saved.op_id) return saved;
  watched.set(saved.op_id, what);
  if (!listening) onNews(() => void look());
  listening = true;
  return saved;
}

/** @param {any} error of `save` @returns {import("../parts/types.js").Problem[]} problems, with an empty field for the whole */
export function problemsOf(error) {
  const given = /** @type {any[]} */ (error?.problems ?? []);
  if (given.length) return given.map(({ field = "", ...rest }) => ({ field: lastName(field), ...rest }));
  return [{ field: "", code: error?.code ?? "server.error", message: error?.message ?? "没能存下，请再试一次。" }];
}

/** `step.signature` → `signature`: forms name their fields without the op's path. @param {string} field */
const lastName = (field) => field.replace(/^(attempt|complaint|step|set)\./, "");

/** Problems that are left after a field was changed. @param {import("../parts/types.js").Problem[]} problems @param {string} name */
export const without = (problems, name) => problems.filter((one) => one.field !== name && one.field !== "");
