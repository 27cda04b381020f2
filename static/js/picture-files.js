// What a chosen file becomes before it is sent: a picture that is too large, or that only this browser can read (HEIC on an iPhone), is
// drawn again as a JPEG. What cannot be sent, and what would not print well, is said at once, in the server's words.

export const MB = 1024 * 1024;
const SIDES = [4000, 2800, 2000]; // px of the longer side; the server keeps 4000
const QUALITIES = [0.9, 0.8, 0.65];
const HEIC = /\.hei[cf]$/i;
const PICTURE = /\.(jpe?g|png)$/i;
const PDF = /\.pdf$/i;
const HEIF_BRANDS = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];
const DPI = 300;
const ACROSS = 5; // the photo on the certificate is 5 : 7
const DOWN = 7;

export class Refused extends Error {}

export function megabytes(bytes) {
  return (Math.ceil((bytes / MB) * 10) / 10).toFixed(1).replace(/\.0$/, "");
}

// By content, as the server judges; by the name only where the content tells nothing.
async function kindOf(file) {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const text = String.fromCharCode(...head);
  if (text.startsWith("\xff\xd8\xff") || text.startsWith("\x89PNG\r\n\x1a\n")) return "picture";
  if (text.slice(4, 8) === "ftyp" && HEIF_BRANDS.includes(text.slice(8, 12))) return "heic";
  if (file.type === "application/pdf" || PDF.test(file.name) || text.startsWith("%PDF-")) return "pdf";
  if (/^image\/hei[cf]/.test(file.type) || HEIC.test(file.name)) return "heic";
  return file.type.startsWith("image/") || PICTURE.test(file.name) ? "other picture" : "other";
}

function tooLarge(file, limit) {
  return new Refused(`文件 ${megabytes(file.size)} MB，超过 ${limit} MB。请压缩后重新上传`);
}

function loaded(file) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    const url = URL.createObjectURL(file);
    image.onload = () => resolve({ image, url });
    image.onerror = () => {
      URL.revokeObjectURL(url);
      reject(new Error("this browser cannot read it"));
    };
    image.src = url;
  });
}

function encoded(canvas, quality) {
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}

// An <img> lies upright by itself, so that the drawing needs no EXIF.
function drawn(image, side) {
  const scale = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.naturalWidth * scale);
  canvas.height = Math.round(image.naturalHeight * scale);
  const pencil = canvas.getContext("2d");
  pencil.fillStyle = "#fff"; // what is clear in a PNG
  pencil.fillRect(0, 0, canvas.width, canvas.height);
  pencil.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function redrawn(file, limit) {
  const { image, url } = await loaded(file);
  try {
    for (const side of SIDES) {
      const canvas = drawn(image, side);
      for (const quality of QUALITIES) {
        const blob = await encoded(canvas, quality);
        if (blob && blob.size <= limit * MB) return new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
      }
    }
  } finally {
    URL.revokeObjectURL(url);
  }
  throw new Error("no size makes it small enough");
}

// Why a picture could not be drawn again, as people are told.
function unreadable(kind, file, limit) {
  if (kind === "heic") {
    return "这是 HEIC 照片，不能使用。请在手机「设置 › 相机 › 格式」中选择「兼容性最佳」后重新拍照，或换成 JPG、PNG 图片";
  }
  if (kind === "picture") return `文件 ${megabytes(file.size)} MB，超过 ${limit} MB，而且打不开。请换一张图片`;
  return "打不开这张图片。请换成 JPG 或 PNG 图片";
}

// The file to send, or Refused with a sentence that says the repair. Without pdfMegabytes no PDF is taken.
export async function prepared(file, { pictureMegabytes, pdfMegabytes }) {
  if (!file.size) throw new Refused("文件是空的。请重新选择文件上传");
  const kind = await kindOf(file).catch(() => {
    throw new Refused("读不到这个文件。请再选一次");
  });
  if (kind === "pdf" && !pdfMegabytes) throw new Refused("这是 PDF 格式的文件，不能使用。请换成 JPG 或 PNG 图片");
  if (kind === "pdf") {
    if (file.size > pdfMegabytes * MB) throw tooLarge(file, pdfMegabytes);
    return file;
  }
  if (kind === "other") {
    throw new Refused(pdfMegabytes ? "不是图片，也不是 PDF。请换成 JPG、PNG 图片或 PDF 文件" : "不是图片。请换成 JPG 或 PNG 图片");
  }
  if (kind === "picture" && file.size <= pictureMegabytes * MB) return file;
  try {
    return await redrawn(file, pictureMegabytes);
  } catch {
    throw new Refused(unreadable(kind, file, pictureMegabytes));
  }
}

// A word about a picture that is taken all the same, or "". short and long: the pixels it should have; isPhoto: it is cut to 5 : 7.
export async function warningOf(file, { short, long, isPhoto }) {
  const { image, url } = await loaded(file);
  URL.revokeObjectURL(url);
  let [width, height] = [image.naturalWidth, image.naturalHeight];
  if (isPhoto) {
    const step = Math.min(width / ACROSS, height / DOWN);
    [width, height] = [Math.round(ACROSS * step), Math.round(DOWN * step)];
  }
  if (Math.min(width, height) >= short && Math.max(width, height) >= long) return "";
  const what = width === image.naturalWidth && height === image.naturalHeight ? "图片" : "裁剪后";
  return `${what} ${width} × ${height} 像素，不足 ${DPI} dpi（需要 ${short} × ${long} 像素以上），打印出来可能不清晰。建议换一张更清晰的`;
}
