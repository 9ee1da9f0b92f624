/** What the cards of the contact gate say, and whether they stop, warn or inform. */

/** @type {{[code: string]: {level: string, text: string}}} */
export const CARD_TEXTS = {
  complaint_open: {
    level: "stop",
    text: "客户有未结投诉（{number}），请由投诉处理人联系，其他同事暂不联系。",
  },
  complaint_mine: { level: "info", text: "客户有未结投诉（{number}），您是处理人，可以联系。" },
  complaint_verify: { level: "info", text: "投诉（{number}）已回单，请做满意度回访。" },
  complaint_closed: {
    level: "warn",
    text: "投诉（{number}）结案后首次联系：请先问候客户对处理结果是否满意。",
  },
  complaint_past: { level: "info", text: "客户曾有投诉（{number}），已结案，通话中请不要主动提起。" },
  no_consent: { level: "stop", text: "客户已表示不接受回访，请不要再联系。" },
  channel_refused: { level: "stop", text: "客户不希望通过{channel}联系，请换一种方式。" },
  channel_avoid: { level: "info", text: "客户不希望通过{channel}联系，请在合适的时候问问喜欢哪种方式。" },
  outside_hours: { level: "stop", text: "现在 {time}，不在联系时段（{hours}）内。" },
  too_many_calls: { level: "stop", text: "近 {days} 天各部门已与客户通话 {count} 次，达到上限 {max} 次。" },
  many_calls_handler: { level: "warn", text: "近 {days} 天各部门已与客户通话 {count} 次，请尽量一次谈完。" },
  last_contact: { level: "info", text: "上次联系：{date} {time} {name}（{outcome}）。" },
};
