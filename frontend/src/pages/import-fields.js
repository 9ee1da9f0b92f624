// Why it exists: what a column of a spreadsheet may mean, for correcting the columns by hand (D-H3); a test compares it
// with shared_schema/imports, which decides.

/** @typedef {"deliveries" | "repair_orders"} Kind */
/** @typedef {{field: string, label: string, required?: boolean, many?: boolean}} Target `many`: several columns may feed it */
/** @typedef {string | number | null | (string | number)[]} Chosen heading or index, several of them, or not imported */

/** Which hand-over an import belongs to. @type {Record<Kind, string>} */
export const HANDOVER_OF = { deliveries: "delivery", repair_orders: "repair" };

/** @type {Record<Kind, {label: string, op: string, what: string}>} */
export const KINDS = {
  deliveries: { label: "交车", op: "delivery.import", what: "交车明细" },
  repair_orders: { label: "维修", op: "repair_order.import", what: "维修工单" },
};

/** @param {string} words `field 名称`, `!` required, `+` several columns @returns {Target[]} */
const targets = (words) =>
  words.split(/\s*\n\s*/).map((line) => {
    const [field = "", label = "", marks = ""] = line.trim().split(" ");
    return { field, label, required: marks.includes("!"), many: marks.includes("+") };
  });

/** @type {Record<Kind, Target[]>} */
export const TARGETS = {
  deliveries: targets(`delivered_on 交车日期 !
    vin 车架号 !
    name 客户姓名 !
    phones 联系电话 +
    gender 性别
    kind 客户类型
    birthday 生日
    address 地址
    plate 车牌号
    model 车型
    color 颜色
    archive_no 档案号
    consultant 销售顾问
    insurance_until 保险到期
    note 备注`),
  repair_orders: targets(`number 工单号 !
    out_at 出厂时间 !
    in_at 进厂时间
    promised_at 约定交车时间
    type 维修类型 !
    vin 车架号
    plate 车牌号
    model 车型
    color 颜色
    sender_name 送修人
    sender_phones 送修人电话 +
    owner_name 车主
    owner_phones 车主电话 +
    items 维修项目
    mileage_km 行驶里程
    advisor 服务顾问
    technician 技师
    estimate_fen 预估金额
    amount_fen 结算金额
    consent 是否同意回访
    convenient_time 方便回访时间
    note 备注`),
};

/**
 * The column numbers of each field, as the selects show them.
 * @param {Kind} kind @param {string[]} columns headings @param {Record<string, Chosen>} mapping of the server's answer
 * @returns {Record<string, number[]>} every field; [] = not imported
 */
export function chosenColumns(kind, columns, mapping) {
  const indexOf = (/** @type {string | number} */ one) => (typeof one === "number" ? one : columns.indexOf(one));
  const of = (/** @type {Chosen | undefined} */ chosen) => (Array.isArray(chosen) ? chosen : [chosen ?? -1]).map(indexOf).filter((n) => n >= 0);
  return Object.fromEntries(TARGETS[kind].map(({ field }) => [field, of(mapping[field])]));
}

/** What the server is told: every field, by column number; null = not imported. @param {Record<string, number[]>} chosen */
export const asMapping = (chosen) => Object.fromEntries(Object.entries(chosen).map(([field, at]) => [field, at.length > 1 ? at : (at[0] ?? null)]));

/** Required fields without a column. @param {Kind} kind @param {Record<string, number[]>} chosen @returns {Target[]} */
export function missingTargets(kind, chosen) {
  const open = TARGETS[kind].filter(({ field, required }) => required && !chosen[field]?.length);
  const vehicle = chosen.vin?.length || chosen.plate?.length;
  const vin = TARGETS[kind].find(({ field }) => field === "vin");
  return vehicle || !vin || open.includes(vin) ? open : [...open, vin];
}
