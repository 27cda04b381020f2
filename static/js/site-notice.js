// Closes the notice above the header, for this browser and this notice. A plain script right behind it: it acts before the notice is painted.
(function () {
  const notice = document.currentScript.previousElementSibling;
  const close = notice.querySelector("button");
  const key = notice.dataset.siteNotice;

  function closed() {
    try {
      return window.localStorage.getItem("closed-notice") === key;
    } catch {
      return false; // storage is closed in some private windows
    }
  }

  notice.hidden = closed();
  close.hidden = false;
  close.addEventListener("click", () => {
    notice.hidden = true;
    try {
      window.localStorage.setItem("closed-notice", key);
    } catch {
      // it stays closed on this page
    }
  });
})();
