// Why it exists: the one cast of the sync tests: two branches, their people, and files to work on.

export const PART = "B:SZ01";
const uuid = (n) => `01900000-0000-7000-8000-${String(n).padStart(12, "0")}`;
export { uuid };

export const AGENT = {
  id: uuid(1),
  name: "林晓",
  username: "agent",
  title: "客服专员",
  roles: { SZ01: ["cs_agent"] },
};
export const MANAGER = {
  id: uuid(2),
  name: "周敏",
  username: "manager",
  title: "客服经理",
  roles: { SZ01: ["cs_manager"] },
};
export const CONSULTANT = {
  id: uuid(3),
  name: "陈晓东",
  username: "consultant",
  title: "销售顾问",
  roles: { SZ01: ["sales_consultant"] },
};
export const STRANGER = {
  id: uuid(4),
  name: "何静",
  username: "stranger",
  title: "客服专员",
  roles: { GZ01: ["cs_agent"] },
};
export const CLERK = {
  id: uuid(5),
  name: "黄丽",
  username: "clerk",
  title: "销售信息员",
  roles: { SZ01: ["sales_clerk"] },
};
export const CAST = [AGENT, MANAGER, CONSULTANT, STRANGER, CLERK];

/** A vehicle's file: `[kind, doc]` rows; number `i` makes it unique. */
export function fileOf(i, task = {}) {
  const [vehicle_id, customer_id] = [uuid(1000 + i), uuid(2000 + i)];
  return [
    [
      "vehicle",
      {
        id: vehicle_id,
        vin: `LGXC16AB0P0${String(i).padStart(6, "0")}`,
        plate: `粤B${10_000 + i}`,
        model: "秦PLUS",
        archive_no: `SZ01-${i}`,
      },
    ],
    [
      "customer",
      {
        id: customer_id,
        name: `张伟${i}`,
        phones: [`138${String(i).padStart(8, "0")}`],
        pinyin: "zhangwei zw",
        consent: true,
      },
    ],
    ["party", { id: uuid(3000 + i), vehicle_id, customer_id, role: "owner" }],
    ["delivery", { id: uuid(4000 + i), vehicle_id, customer_id, delivered_on: "2026-11-17" }],
    [
      "task",
      {
        id: uuid(5000 + i),
        vehicle_id,
        customer_id,
        node: "3DC",
        from_on: "2026-11-18",
        due_at: "2026-11-20T10:00:00.000Z",
        owner_role: "cs_agent",
        state: "open",
        tries: 0,
        ...task,
      },
    ],
  ];
}

export const VEHICLE = uuid(1001);
export const CUSTOMER = uuid(2001);
export const TASK = uuid(5001);

/** The group's documents a tablet needs. */
export function group() {
  const branch = (code, n) => [
    "branch",
    {
      id: uuid(n),
      code,
      name: `${code}店`,
      short_name: code,
      open: "08:30",
      close: "18:00",
      lunch_from: "12:00",
      lunch_to: "13:30",
      active: true,
    },
  ];
  const staff = ({ roles, ...person }) => [
    "staff",
    {
      ...person,
      active: true,
      posts: Object.entries(roles).flatMap(([code, list]) => list.map((role) => ({ branch: code, role }))),
    },
  ];
  return [branch("SZ01", 90), branch("GZ01", 91), ...CAST.map(staff)];
}

/** A call that reached the customer and ends its task. */
export function attempt(id, more = {}) {
  return {
    id,
    vehicle_id: VEHICLE,
    customer_id: CUSTOMER,
    task_id: TASK,
    node: "3DC",
    staff_id: AGENT.id,
    staff_name: AGENT.name,
    channel: "phone",
    started_at: "2026-11-20T01:50:00.000Z",
    ended_at: "2026-11-20T01:57:00.000Z",
    outcome: "complete",
    ...more,
  };
}

export const INK = "300 120 M 10 20 L 30 40";

/** Opening a complaint as an agent does. */
export function complaint(id, stepId, more = {}) {
  const at = "2026-11-20T01:58:00.000Z";
  return {
    complaint: {
      id,
      vehicle_id: VEHICLE,
      customer_id: CUSTOMER,
      heard_at: at,
      heard_channel: "callback",
      heard_by: AGENT.id,
      content: "刹车异响",
      nature: "valid",
      cause: "product_quality",
      severity: "ordinary",
      ...more,
    },
    step: { id: stepId, happened_at: at, entered_at: at, signature: INK },
  };
}
