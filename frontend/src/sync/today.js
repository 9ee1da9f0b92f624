// Why it exists: answers "what is mine to do now": calls by due time, complaints at my step, hand-overs to confirm.

import { addDays, localDate } from "../domain/timing.js";
import { allowedSteps } from "../domain/workflow.js";

/** @typedef {import("./workspace.js").Workspace} Workspace */

/** A booked time is the due time. @param {any} task */
const dueOf = (task) => task.booked_at ?? task.due_at;

/** @param {any} task @param {any} actor */
function isMine(task, actor) {
  return task.owner_id ? task.owner_id === actor.id : actor.roles.includes(task.owner_role);
}

/** Can it be begun today? Not before its first day, nor before the day that was booked. @param {any} task @param {string} today */
function isForToday(task, today) {
  return task.from_on <= today && (!task.booked_at || localDate(task.booked_at) <= today);
}

/** The plan node a task came from: of its plan's version, else of any. @param {any[]} plans @param {any} task */
function nodeOf(plans, task) {
  const fit = (/** @type {any} */ plan) =>
    plan.nodes.find((/** @type {any} */ node) => node.code === task.node);
  const same = plans.filter((plan) => plan.version === task.plan_version);
  return [...same, ...plans].map(fit).find(Boolean) ?? null;
}

/**
 * `{tasks, complaints, handovers, done_today, tomorrow}`; tasks sorted by due time. `tomorrow` counts my later tasks until then.
 * @param {Workspace} desk @param {string} now
 */
export function today(desk, now) {
  const { view, overlay, part } = desk.space;
  const [actor, day, waiting] = [desk.actor(part.code), localDate(now), overlay.waitingIds()];
  const plans = desk.ref("plan").sort((a, b) => b.version - a.version);
  const mine = view.docs("task").filter((task) => task.state === "open" && isMine(task, actor));
  const due = mine.filter((task) => isForToday(task, day)).sort((a, b) => dueOf(a).localeCompare(dueOf(b)));
  const tasks = due.map((task) => {
    const vehicle = view.brief(task.vehicle_id);
    const customer = view.person(task.customer_id, vehicle);
    return {
      task,
      due_at: dueOf(task),
      vehicle,
      customer,
      plan_node: nodeOf(plans, task),
      pending: waiting.has(task.id),
    };
  });
  const next = addDays(day, 1);
  return {
    tasks,
    complaints: view
      .complaints()
      .filter(({ complaint }) => allowedSteps(desk.schema, complaint, actor).length > 0),
    handovers: view.docs("handover").filter((doc) => !doc.received_at),
    done_today: doneToday(desk, actor, day),
    tomorrow: mine.filter((task) => !isForToday(task, day) && isForToday(task, next)).length,
  };
}

/** Tasks that I finished today. @param {Workspace} desk @param {any} actor @param {string} day */
function doneToday(desk, actor, day) {
  const own = desk.space.view
    .docs("attempt")
    .filter((doc) => doc.staff_id === actor.id && localDate(doc.ended_at) === day);
  const ended = new Set(own.map((doc) => doc.task_id).filter(Boolean));
  return desk.space.view.docs("task").filter((task) => task.state !== "open" && ended.has(task.id)).length;
}
