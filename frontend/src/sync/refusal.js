// Why it exists: the one shape in which the worker tells a page that something cannot be done.

export class Refusal extends Error {
  /** @param {string} code of codes.json, or `app.…` @param {string} message what happened and what to do @param {any[]} [problems] */
  constructor(code, message, problems = []) {
    super(message);
    this.name = "Refusal";
    this.code = code;
    this.problems = problems;
  }
}
