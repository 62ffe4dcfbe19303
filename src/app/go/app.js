// The page links in mails open. The token comes in the fragment, which no server sees, leaves
// the address bar at once, and goes out only on a click.
"use strict";
(() => {
  const API = "api/v1/";
  const words = {
    vi: {
      other: "English",
      password: "Mật khẩu mới", again: "Nhập lại mật khẩu",
      hint: "Từ 12 đến 256 ký tự, chữ nào cũng được.",
      differ: "Hai lần nhập không giống nhau.", short: "Mật khẩu cần ít nhất 12 ký tự.",
      wait: "Đang gửi…",
      dead: "Liên kết này không còn hiệu lực. Xin yêu cầu liên kết mới hoặc liên hệ cơ quan.",
      rule: "Mật khẩu này chưa dùng được. Xin chọn mật khẩu khác.",
      over: "Việc này không còn thực hiện được. Xin liên hệ cơ quan.",
      waits: "Đã ghi nhận. Hiện đã hết chỗ: Ông/Bà đang trong danh sách chờ, cơ quan sẽ báo khi có chỗ.",
      full: "Đã hết chỗ. Xin liên hệ cơ quan.",
      off: "Đăng ký này đã bị hủy. Xin liên hệ cơ quan.",
      fail: "Chưa gửi được. Xin thử lại sau ít phút.",
      none: ["Không có liên kết", "Xin mở lại liên kết trong thư.", ""],
      v: ["Xác nhận địa chỉ thư", "Bấm nút để xác nhận địa chỉ thư này là của Ông/Bà.", "Xác nhận", "Đã xác nhận. Ông/Bà có thể đóng trang này."],
      p: ["Đặt mật khẩu", "Chọn mật khẩu cho tài khoản của Ông/Bà.", "Đặt mật khẩu", "Đã đặt mật khẩu. Ông/Bà có thể đăng nhập."],
      a: ["Nhận lời tham dự", "Bấm nút để báo rằng Ông/Bà sẽ tham dự.", "Tôi tham dự", "Đã ghi nhận. Hẹn gặp Ông/Bà."],
      d: ["Không tham dự", "Bấm nút để báo rằng Ông/Bà không tham dự.", "Tôi không tham dự", "Đã ghi nhận. Cảm ơn Ông/Bà đã báo."],
      o: ["Có thông tin mới", "Xin đăng nhập vào ứng dụng của cơ quan để xem, hoặc gọi điện, hoặc đến bàn đón tiếp và nói mã ghi trong thư.", "", ""],
      r: ["Cần xem ngay", "Xin đăng nhập ngay vào ứng dụng của cơ quan để xem và nhận cảnh báo có mã ghi trong thư.", "", ""],
      s: ["Ngừng nhận thư mời", "Bấm nút để cơ quan không gửi thư mời và thư nhắc đến địa chỉ này nữa.", "Ngừng nhận", ""],
      u: ["Đã ngừng gửi thư mời", "Cơ quan không gửi thư mời và thư nhắc đến địa chỉ này nữa. Nếu bấm nhầm hoặc đổi ý, xin bấm nút để nhận lại.", "Nhận lại thư", "Đã ghi nhận. Cơ quan lại gửi thư mời đến địa chỉ này."],
      l: ["Rút đăng ký", "Bấm nút để rút đăng ký; chỗ của Ông/Bà sẽ dành cho người khác.", "Rút đăng ký", "Đã rút đăng ký. Cảm ơn Ông/Bà đã báo."],
    },
    en: {
      other: "Tiếng Việt",
      password: "New password", again: "The same again",
      hint: "12 to 256 characters of any kind.",
      differ: "The two entries differ.", short: "A password has at least 12 characters.",
      wait: "Sending…",
      dead: "This link no longer works. Ask for a new one, or contact the office.",
      rule: "This password cannot be used. Please choose another.",
      over: "This is no longer possible. Please contact the office.",
      waits: "Noted. There is no seat left: you are on the waiting list, and we will tell you when one is free.",
      full: "There is no seat left. Please contact the office.",
      off: "This registration was cancelled. Please contact the office.",
      fail: "It could not be sent. Please try again in a few minutes.",
      none: ["No link", "Please open the link in your mail again.", ""],
      v: ["Confirm your address", "Press the button to confirm that this address is yours.", "Confirm", "Confirmed. You can close this page."],
      p: ["Set a password", "Choose a password for your account.", "Set password", "Your password is set. You can log in."],
      a: ["Say that you come", "Press the button to say that you will come.", "I will come", "Noted. See you there."],
      d: ["Say that you do not come", "Press the button to say that you will not come.", "I will not come", "Noted. Thank you for telling us."],
      o: ["There is news", "Log in to the office's application to see it, or call, or come to the front desk and give the code of your mail.", "", ""],
      r: ["Look at once", "Log in to the office's application now to see and acknowledge the alert under the code of your mail.", "", ""],
      s: ["Stop invitations", "Press the button to get no more invitations and reminders at this address.", "Stop them", ""],
      u: ["Invitations have stopped", "This address gets no more invitations and reminders. If that was a mistake, or you change your mind, press the button.", "Send them again", "Noted. This address gets invitations again."],
      l: ["Withdraw", "Press the button to give up your place; somebody else will get it.", "Withdraw", "You have withdrawn. Thank you for telling us."],
    },
  };
  // What each button sends: where, what, and how when it is no POST.
  const calls = {
    v: (token) => ["auth/verify-email", { token }],
    p: (token, password) => ["auth/password-resets/confirm", { token, password }],
    a: (token) => ["public/registrations/respond", { token, answer: "accept" }],
    d: (token) => ["public/registrations/respond", { token, answer: "decline" }],
    l: (token) => ["public/registrations/respond", { token, answer: "leave" }],
    s: (token) => [`unsubscribe/${token}`],
    u: (token) => [`unsubscribe/${token}`, undefined, "DELETE"],
  };
  // What can be done next, on the same page.
  const next = { s: "u" };
  const found = /^#([vpadlors])\.([A-Za-z0-9_-]{16,512})$/.exec(location.hash);
  let verb = found ? found[1] : "none";
  const token = found ? found[2] : "";
  history.replaceState(null, "", location.pathname);
  addEventListener("hashchange", () => location.reload());

  const $ = (id) => document.getElementById(id);
  let language = (navigator.language || "vi").toLowerCase().startsWith("en") ? "en" : "vi";
  let outcome = null;
  let done = false;

  const show = () => {
    const text = words[language];
    const [title, body, button, success] = text[verb];
    document.documentElement.lang = language;
    document.title = title;
    $("title").textContent = title;
    $("text").textContent = body;
    $("act").textContent = button;
    $("language").textContent = text.other;
    $("language").lang = language === "vi" ? "en" : "vi";
    $("language").hidden = false;
    $("password-label").textContent = text.password;
    $("again-label").textContent = text.again;
    $("password-hint").textContent = text.hint;
    $("form").hidden = !calls[verb] || done;
    $("passwords").hidden = verb !== "p";
    $("outcome").textContent = outcome === "done" ? success : outcome ? text[outcome] : "";
  };
  const tell = (what) => { outcome = what; show(); };

  const refused = {
    "token-invalid": "dead", "invalid": "rule", "session-full": "full", "registration-cancelled": "off",
  };
  const told = (response, answer) => {
    if (response.ok) return answer.status === "waitlisted" ? "waits" : "done";
    if (refused[answer.code]) return refused[answer.code];
    return response.status >= 400 && response.status < 429 ? "over" : "fail";
  };
  const send = async () => {
    const password = $("password").value;
    if (verb === "p" && [...password].length < 12) return tell("short");
    if (verb === "p" && password !== $("again").value) return tell("differ");
    const [path, body, method = "POST"] = calls[verb](token, password);
    const headers = { "Accept-Language": language };
    if (body) headers["Content-Type"] = "application/json";
    $("act").disabled = true;
    tell("wait");
    try {
      const response = await fetch(API + path, {
        method,
        credentials: "omit",
        headers,
        body: body && JSON.stringify(body),
      });
      const answer = await response.json().catch(() => ({}));
      const what = told(response, answer);
      done = what !== "rule" && what !== "fail";
      if (what === "done" && next[verb]) {
        verb = next[verb];
        done = false;
        tell(null);
      } else {
        tell(what);
      }
    } catch {
      tell("fail");
    }
    $("act").disabled = false;
    return undefined;
  };

  $("language").addEventListener("click", () => {
    language = language === "vi" ? "en" : "vi";
    show();
  });
  $("form").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  show();
})();
