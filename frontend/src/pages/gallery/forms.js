// Why it exists: gallery sections for fields and forms, made from the shared schema as pages do.
import { html } from "../../../vendor/lit.js";
import { LONG_ADDRESS, LONG_NAME, SIGNATURE } from "./data.js";

/** @typedef {import("../../parts/types.js").Schema} Schema */

const STAFF = [
  { code: "a", label: "何志远（机电技师）" },
  { code: "b", label: "欧阳震东（服务经理）" },
  { code: "c", label: "陈晓东（销售顾问）" },
];

/** @param {Schema} schema */
export const formSection = (schema) => html`<div class="columns">
  <cd-card .heading=${"客户资料"} .body=${html`<cd-form .schema=${schema} record="customer" submit="保存"
    .names=${["name", "gender", "phones", "address", "birthday", "consent", "refused_channels", "note"]}
    .value=${{ name: LONG_NAME.slice(0, 18), gender: "male", phones: ["13800138000", "075526881234"], address: LONG_ADDRESS, consent: true, refused_channels: ["sms"], note: "周末方便" }}></cd-form>`}></cd-card>
  <cd-card .heading=${"投诉登记"} .body=${html`<cd-form .schema=${schema} record="complaint" submit="登记并签名" busy
    .names=${["heard_at", "heard_channel", "content", "nature", "cause", "severity", "department", "handler_id", "compensation_fen"]}
    .required=${["handler_id"]} .choices=${{ handler_id: STAFF }}
    .value=${{ heard_at: "2026-11-21T02:24:00.000Z", heard_channel: "callback", content: "右前门异响", cause: "service_quality", compensation_fen: 29950 }}></cd-form>`}></cd-card>
  <cd-card .heading=${"处理步骤"} .body=${html`<cd-form .schema=${schema} record="complaint_step" columns="1" submit="签名并提交"
    .names=${["text", "satisfied", "on_paper", "signature"]} .value=${{ text: "已电话致歉。", signature: SIGNATURE, satisfied: false }}></cd-form>`}></cd-card>
</div>
<cd-card .heading=${"车辆（两列、停用）"} .body=${html`<cd-form .schema=${schema} record="vehicle" columns="2" disabled
  .names=${["vin", "plate", "model", "color", "delivered_on", "mileage_km", "note"]}
  .value=${{ vin: "LGXC16AF4M0123456", plate: "粤AD12345", model: "秦PLUS DM-i", mileage_km: 12000, delivered_on: "2026-11-18" }}></cd-form>`}></cd-card>`;

/** @param {Schema} schema */
export const problemSection = (schema) => html`<div class="card">
  <cd-form .schema=${schema} record="complaint" .names=${["content", "severity", "heard_channel", "cause", "compensation_fen", "handler_id"]}
    .value=${{ compensation_fen: "三百" }} .choices=${{ handler_id: STAFF }} submit="保存"
    .problems=${[
      { field: "content", code: "field.required" },
      { field: "severity", code: "field.required" },
      { field: "cause", code: "field.not_in_list" },
      { field: "compensation_fen", code: "field.type" },
      { field: "handler_id", code: "field.required" },
    ]}></cd-form></div>`;
