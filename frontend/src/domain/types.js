/**
 * The shapes the domain speaks in, in one place, for the type checker; there is nothing here to run.
 *
 * @typedef {{[name: string]: any}} Doc a document: plain JSON, only declared fields, absent = null
 * @typedef {{
 *   type: string, label?: string, required?: boolean, max?: number, min?: number, list?: string,
 *   record?: string, of?: Spec, fields?: Specs, pattern?: string, merge?: string, derived?: boolean,
 *   search?: boolean, pii?: string, unit?: string, multiline?: boolean, help?: string,
 * }} Spec the declaration of one field
 * @typedef {{[name: string]: Spec}} Specs
 * @typedef {{record: string, label: string, part: string, file: string|null, fields: Specs, [more: string]: any}} RecordSpec
 * @typedef {{code: string, label: string, [more: string]: any}} ListItem
 * @typedef {{
 *   kind: string, v: number, label: string, part: string, roles: string[], reads: string[],
 *   body: Specs, generic?: string, record?: string, where?: string, managers?: string[],
 * }} OpSpec
 * @typedef {{
 *   code: string, no: number, label: string, from: string|null, to: string, roles: string[], needs: string[],
 *   sign?: boolean, actor_field?: string, new_round?: boolean, closes?: boolean,
 * }} StepRow
 * @typedef {{
 *   id: string, label: string, rule: string, start: {field?: string, step?: string}, stop: string[],
 *   hours?: string, until?: string,
 * }} ClockRow
 * @typedef {{workflow: string, record: string, rule: string, steps: StepRow[], clocks: ClockRow[]}} Workflow
 * @typedef {{
 *   records: {[name: string]: RecordSpec}, lists: {[name: string]: {list: string, label: string, items: ListItem[]}},
 *   ops: {[kind: string]: OpSpec}, workflows: {[name: string]: Workflow},
 *   codes: {[code: string]: {status: number, message: string}},
 * }} Schema what `/schema.json` gives
 * @typedef {{field?: string, code: string, phrase?: string}} Problem
 * @typedef {{
 *   id: string, name: string, roles: string[], deputy_roles?: string[], place: string, system?: boolean,
 *   pushed?: boolean,
 * }} Actor roles are those held in the op's partition
 * @typedef {{
 *   id: string, kind: string, v: number, part: string, body: any, base?: any, at: string, dep?: string[], blobs?: string[],
 * }} Op
 * @typedef {{kind: string, id: string, doc: Doc}} Change
 * @typedef {{kind: string, id: string, field: string, mine: any, theirs: any, base: any}} Conflict
 * @typedef {"applied"|"merged"|"noop"|"parked"} Status
 * @typedef {{status: Status, changes: Change[], problems: Problem[], conflicts: Conflict[]}} Decision
 * @typedef {{id?: string, name?: string, at?: string}} Author
 * @typedef {{
 *   get(kind: string, id: string): Doc|null|undefined, ref(kind: string): Doc[],
 *   author(kind: string, id: string, field: string, value: any): Author|null,
 * }} Records what a decision may look at; `author` gave a field its value last, as far as one knows
 * @typedef {{schema: Schema, op: Op, spec: OpSpec, records: Records, actor: Actor, now: string}} Case
 * @typedef {{
 *   open: string, close: string, lunch_from: string, lunch_to: string,
 *   days_off: Set<number>, off: Set<string>, work: Set<string>,
 * }} Calendar
 * @typedef {"running"|"soon"|"late"|"met"|"missed"} ClockState
 * @typedef {{
 *   id: string, label: string, round: number, started_at: string, stopped_at: string|null, due_at: string,
 *   breached_at: string|null, state: ClockState, left_minutes: number, elapsed_minutes: number,
 *   working_minutes: number,
 * }} Clock
 * @typedef {{code: string, level: string, text: string}} Card
 */

export {};
