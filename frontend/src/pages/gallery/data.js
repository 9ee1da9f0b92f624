// Why it exists: one invented cast for the gallery; the clock stands still at 21 November 2026, 10:24.

export const NOW = "2026-11-21T02:24:00.000Z";
export const LONG_NAME = "阿卜杜热合曼·麦麦提吐尔逊江（深圳市前海华润信达新能源汽车租赁服务有限公司）";
export const LONG_ADDRESS = "广东省深圳市龙华区民治街道北站社区汇隆商务中心 2 号楼 1718 室（电梯上 17 楼右转，前台登记后联系王女士转交）";
export const SIGNATURE =
  "320 120 M 30 70 L 44 52 L 62 40 L 70 44 L 60 66 L 48 88 L 52 94 L 76 78 L 98 54 M 84 40 L 86 64 L 80 96 " +
  "M 112 62 L 150 56 M 132 38 L 128 70 L 116 98 M 130 70 L 154 96 M 172 48 L 206 44 L 196 66 L 176 74 L 204 72 L 190 100 " +
  "M 226 40 L 222 74 L 214 98 M 222 58 L 250 54 L 246 96 L 232 90 M 262 70 L 290 58";

/** @param {Partial<import("../../parts/types.js").SyncState>} [state] @param {Partial<import("../../parts/types.js").SyncState["sync"]>} [sync] */
export const syncState = (state = {}, sync = {}) => ({
  online: true,
  pending: 0,
  parked: 0,
  storage: { persisted: true, usage: 48_000_000, quota: 2_000_000_000 },
  ...state,
  sync: { phase: "idle", percent: null, last_at: "2026-11-21T02:24:00.000Z", message: null, ...sync },
});

export const TASKS = [
  { node: "3DC", plate: "粤A12345", name: "张伟 先生", note: "秦PLUS DM-i · 三日回访", due: "2026-11-21T01:24:00.000Z", level: "late" },
  { node: "3DC", plate: "粤B8K217", name: "黄志强 先生", note: "海豹 06 · 三日回访", due: "2026-11-21T01:54:00.000Z", level: "late" },
  { node: "7DC", plate: "粤BD88888", name: "李梅 女士", note: "宋L EV · 七日回访", due: "2026-11-21T04:00:00.000Z", level: "" },
  { node: "预约", plate: "粤A6T901", name: "王芳 女士", note: "上次没空，约 14:30", due: "2026-11-21T06:30:00.000Z", level: "" },
  { node: "30DC", plate: "粤E30K77", name: "欧阳建国 先生", note: "汉 DM-p · 三十日回访", due: "2026-11-21T10:00:00.000Z", level: "" },
  { node: "7DC", plate: "粤AF12388", name: "陈晓琳 女士", note: "元PLUS · 七日回访", due: "2026-11-21T10:00:00.000Z", level: "" },
  { node: "回访", plate: "粤S9918C", name: "刘洋", note: "维修后三日 · 更换制动片", due: "2026-11-22T10:00:00.000Z", level: "" },
];

export const OUTBOX = [
  {
    id: "1",
    kind: "complaint.step",
    label: "粤A12345 派工",
    at: "2026-11-21T01:50:00.000Z",
    state: "parked",
    problems: [{ code: "op.stale_step" }],
  },
  { id: "2", kind: "callback.record", label: "粤BD88888 李梅", at: "2026-11-21T02:10:00.000Z", state: "saved" },
  { id: "3", kind: "task.later", label: "粤A6T901 王芳", at: "2026-11-21T02:18:00.000Z", state: "sent" },
];

export const STORY = [
  {
    id: "s1",
    at: "2026-11-20T06:10:00.000Z",
    entered_at: "2026-11-20T06:32:00.000Z",
    synced_at: "2026-11-20T07:05:00.000Z",
    title: "登记投诉抱怨单",
    role: "客服专员",
    who: "李梅",
    icon: "clipboard-list",
    text: "客户反映提车第二天右前门异响，过减速带时明显；到店等了四十分钟没有人接待，要求当天给出检查结果。",
    facts: [["性质", "有效投诉"], ["原因类别", "服务质量"], ["严重程度", "重大"]],
    signature: SIGNATURE,
    round: 1,
  },
  {
    id: "s2",
    at: "2026-11-20T07:40:00.000Z",
    synced_at: "2026-11-20T07:41:00.000Z",
    title: "客服经理意见",
    role: "客服经理",
    who: "周敏",
    deputy: true,
    icon: "pencil",
    text: "先安抚客户情绪，安排技师上门检查。",
    on_paper: true,
    round: 1,
  },
  { id: "s3", at: "2026-11-20T12:00:00.000Z", title: "24 小时闭环已超时", icon: "circle-alert", level: "late", round: 1 },
  {
    id: "s4",
    at: "2026-11-21T02:20:00.000Z",
    title: "派工",
    role: "服务经理",
    who: "欧阳震东",
    icon: "send",
    level: "info",
    text: "请何师傅上门检查右前门铰链，下午五点前回单。",
    pending: true,
    round: 2,
  },
];

export const QUESTIONS = [
  ["到店接待", "您这次来店，服务顾问有没有及时出来接待您？", ["等待时间长", "没人招呼", "态度冷淡", "找不到停车位"]],
  ["维修质量", "这次送修的问题，现在都解决了吗？", ["故障仍在", "又出现新问题", "返修过"]],
  ["费用说明", "结算时，工作人员有没有逐项向您说明费用？", ["没有说明", "与预估不一致"]],
];
