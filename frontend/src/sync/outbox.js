// Why it exists: shows exactly what has not reached the server, and what the server did not accept and why.

/** @typedef {import("../store/journal.js").Entry} Entry */

/** Which vehicle an op is about, in words. @param {any} value @returns {string | null} */
function vehicleOf(value) {
  if (!value || typeof value !== "object") return null;
  if (typeof value.vehicle_id === "string") return value.vehicle_id;
  for (const inner of Object.values(value)) {
    const found = vehicleOf(inner);
    if (found) return found;
  }
  return null;
}

/** @param {Entry} entry @param {import("./workspace.js").Workspace} desk */
function labelOf({ op }, desk) {
  const view = desk.spaces.get(op.part)?.view;
  const direct = view?.brief(vehicleOf(op.body) ?? (op.kind.startsWith("vehicle.") ? op.body.id : ""));
  const record = view?.overlay.get(op.kind.split(".")[0], op.body.id);
  const brief = direct?.plate || !record?.vehicle_id ? direct : view?.brief(record.vehicle_id);
  const name =
    record?.name ?? brief?.people.find((/** @type {any} */ person) => person.role === "owner")?.name;
  return [brief?.plate ?? brief?.vin, name].filter(Boolean).join(" ");
}

/**
 * Ops without the server's answer and refused ones, newest first:
 * `[{id, kind, part, at, state, label, author, code, message, problems, body, base}]`; state is saved or parked.
 * @param {import("../store/journal.js").Journal} journal @param {import("./workspace.js").Workspace} desk
 */
export async function outbox(journal, desk) {
  const entries = [...(await journal.inState("waiting")), ...(await journal.inState("parked"))];
  return entries
    .sort((a, b) => b.k - a.k)
    .map((entry) => {
      const { op, state, result, actor } = entry;
      const local = desk.spaces.get(op.part)?.overlay.decisions.get(op.id);
      const problems =
        state === "parked"
          ? (result.problems ?? [{ code: result.code, message: result.message }])
          : (local?.problems ?? []);
      const told = {
        id: op.id,
        kind: op.kind,
        part: op.part,
        at: op.at,
        state: state === "parked" ? "parked" : "saved",
      };
      return {
        ...told,
        label: labelOf(entry, desk),
        author: actor.name,
        code: result?.code,
        message: result?.message,
        problems,
        body: op.body,
        base: op.base,
      };
    });
}
