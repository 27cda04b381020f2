// What a chosen file becomes before it is sent: a picture that is too large, or that only this browser can read (HEIC on an iPhone), is
// drawn again as a JPEG. What cannot be sent is said at once, in the server's words.

const MB = 1024 * 1024;
const LONGEST_SIDE = 4000; // px, what the server keeps
const QUALITIES = [0.9, 0.8, 0.65];
const HEIC = /\.hei[cf]$/i;
const PICTURE = /\.(jpe?g|png)$/i;
const PDF = /\.pdf$/i;

export class Refused extends Error {}

function megabytes(bytes) {
  return (Math.ceil((bytes / MB) * 10) / 10).toFixed(1).replace(/\.0$/, "");
}

function kindOf(file) {
  if (file.type === "application/pdf" || PDF.test(file.name)) return "pdf";
  if (/^image\/hei[cf]/.test(file.type) || HEIC.test(file.name)) return "heic";
  if (/^image\/(jpeg|png)$/.test(file.type) || PICTURE.test(file.name)) return "picture";
  return file.type.startsWith("image/") ? "other picture" : "other";
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
async function redrawn(file, limit) {
  const { image, url } = await loaded(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.naturalWidth * scale);
  canvas.height = Math.round(image.naturalHeight * scale);
  const pencil = canvas.getContext("2d");
  pencil.fillStyle = "#fff"; // what is clear in a PNG
  pencil.fillRect(0, 0, canvas.width, canvas.height);
  pencil.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(url);
  for (const quality of QUALITIES) {
    const blob = await encoded(canvas, quality);
    if (blob && blob.size <= limit * MB) return new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
  }
  throw new Error("no quality makes it small enough");
}

// The file to send, or Refused with a sentence that says the repair.
export async function prepared(file, { pictureMegabytes, pdfMegabytes }) {
  const kind = kindOf(file);
  if (!file.size) throw new Refused("文件是空的。请重新选择文件上传");
  if (kind === "pdf") {
    if (file.size > pdfMegabytes * MB) throw tooLarge(file, pdfMegabytes);
    return file;
  }
  if (kind === "other") throw new Refused("不是图片，也不是 PDF。请换成 JPG、PNG 图片或 PDF 文件");
  if (kind === "picture" && file.size <= pictureMegabytes * MB) return file;
  try {
    return await redrawn(file, pictureMegabytes);
  } catch {
    if (kind === "heic") {
      throw new Refused("这是 HEIC 照片，不能使用。请在手机「设置 › 相机 › 格式」中选择「兼容性最佳」后重新拍照，或换成 JPG、PNG 图片");
    }
    throw kind === "picture" ? tooLarge(file, pictureMegabytes) : new Refused("打不开这张图片。请换成 JPG 或 PNG 图片");
  }
}
