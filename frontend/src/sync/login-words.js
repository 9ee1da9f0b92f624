// Why it exists: what is said when a tablet does not open, in one place for password, PIN and branch.

export const SAID = {
  first: "第一次在这台平板上登录要联网；请连上店里的 Wi-Fi 或打开热点再试。",
  failed: "密码不对，请重新输入；刚改过的密码要联网登录一次才能用。",
  again: "登录时这台平板被锁上了，或在另一个页面里换了人；请再登录一次。",
  lease: "太久没有联网，本机暂时不能打开；请联网后登录，没上传的内容都在本机。",
  changed: "您上次登录以后，这台平板换过身份，请联网登录一次；没上传的内容都在本机。",
  sealed: "这台平板上有您的登录打不开的内容，请让以前在这里登录过的同事登录，或联系管理员；没上传的内容都在本机。",
};
