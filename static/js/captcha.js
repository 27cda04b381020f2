// The captcha: another picture without losing what was typed, and the digits read aloud in place. [data-captcha] with data-url and data-seconds.
// POST url answers {"key", "picture", "sound", "seconds"}. Without this module the button sends the form and the link opens the sound.

const FAILED = "没有换成，请过一会儿再试";
const SILENT = "没有播放成功，请再点一次";

class Captcha {
  constructor(field) {
    this.url = field.dataset.url;
    for (const part of ["key", "picture", "another", "sound", "status"]) this[part] = field.querySelector(`[data-captcha-${part}]`);
    this.input = field.querySelector("input:not([type=hidden])");
    this.player = new Audio();
    this.lasts(Number(field.dataset.seconds));
    this.another.type = "button"; // Enter sends the form
    this.another.addEventListener("click", () => this.change());
    this.sound.removeAttribute("target");
    this.sound.addEventListener("click", (event) => this.play(event));
    this.input.addEventListener("focus", () => {
      if (Date.now() > this.until) this.change(); // a long form: better now than after it was sent
    });
  }

  lasts(seconds) {
    this.until = Date.now() + seconds * 1000;
  }

  async change() {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      this.show(await this.fetchAnother());
      this.status.textContent = "";
      this.input.focus();
    } catch {
      this.status.textContent = FAILED;
    } finally {
      this.isBusy = false;
    }
  }

  async fetchAnother() {
    const token = this.input.form.elements.csrfmiddlewaretoken.value;
    const answer = await fetch(this.url, { method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }

  show({ key, picture, sound, seconds }) {
    this.player.pause();
    this.key.value = key;
    this.picture.src = picture;
    this.sound.href = sound;
    this.input.value = "";
    this.lasts(seconds);
  }

  async play(event) {
    event.preventDefault();
    this.player.src = this.sound.href;
    try {
      await this.player.play();
      this.status.textContent = "";
    } catch {
      this.status.textContent = SILENT;
    }
  }
}

for (const field of document.querySelectorAll("[data-captcha]")) new Captcha(field);
