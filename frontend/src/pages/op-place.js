// Why it exists: an op in the outbox leads to the screen where its record is worked on.

/** Where the record of an op is worked on. @param {any} op {kind, body} @returns {string} */
export function placeOf({ kind, body }) {
  if (kind.startsWith("complaint.")) return `/complaints/${body.complaint?.id ?? body.id}`;
  if (kind === "callback.record") return `/files/${body.attempt.vehicle_id}`;
  if (kind === "task.later") return `/today/${body.id}`;
  return kind.startsWith("vehicle.") ? `/files/${body.id}` : "";
}
