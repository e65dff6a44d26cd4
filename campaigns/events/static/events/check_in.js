// The camera at the door: reads the QR code of a ticket, puts its token into the form and sends it.
// Without a camera or without this script the number is typed.
"use strict";

(() => {
  const box = document.querySelector("[data-camera]");
  if (!box || !navigator.mediaDevices?.getUserMedia) return;

  const button = box.querySelector("button");
  const video = box.querySelector("video");
  const status = box.querySelector("[role=status]");
  const input = document.getElementById("number");
  const canvas = document.createElement("canvas");
  const KEPT = "check-in-camera";
  const LAST = "check-in-last"; // the code read before the page came back; it may still be before the camera
  const PAUSE = 150; // milliseconds between two looks, so that a telephone stays cool
  let stream = null;

  const load = (src) =>
    new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = src;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });

  const makeReader = async () => {
    const formats = (await window.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
    if (formats.includes("qr_code")) {
      const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
      return async () => (await detector.detect(video))[0]?.rawValue;
    }
    await load(box.dataset.decoder);
    const brush = canvas.getContext("2d", { willReadFrequently: true });
    return async () => {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      brush.drawImage(video, 0, 0);
      const picture = brush.getImageData(0, 0, canvas.width, canvas.height);
      return window.jsQR(picture.data, picture.width, picture.height)?.data;
    };
  };

  // The code holds the address of this page with the token; a code of another event leads elsewhere.
  const tokenOf = (text) => {
    if (!URL.canParse(text)) return text;
    const url = new URL(text);
    return url.pathname === location.pathname ? url.searchParams.get("t") : null;
  };

  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true;
    button.textContent = box.dataset.open;
  };

  const look = async (read) => {
    if (!stream) return;
    const text = video.videoWidth ? await read() : "";
    const token = text ? tokenOf(text) : "";
    const isLast = token && token === sessionStorage.getItem(LAST);
    if (token && !isLast) {
      stop();
      sessionStorage.setItem(LAST, token);
      input.value = token;
      input.form.requestSubmit();
      return;
    }
    if (isLast) status.textContent = box.dataset.same;
    if (token === null) status.textContent = box.dataset.other;
    setTimeout(look, PAUSE, read);
  };

  const start = async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      button.textContent = box.dataset.close;
      status.textContent = "";
      sessionStorage.setItem(KEPT, "open");
      look(await makeReader());
    } catch {
      stop();
      sessionStorage.removeItem(KEPT);
      status.textContent = box.dataset.refused;
    }
  };

  button.addEventListener("click", () => {
    if (!stream) return start();
    sessionStorage.removeItem(KEPT);
    sessionStorage.removeItem(LAST);
    return stop();
  });
  box.hidden = false;
  if (sessionStorage.getItem(KEPT)) start();
})();
