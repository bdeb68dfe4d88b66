const byExtension: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".pdf": "application/pdf",
};

/** What OpenCode is told an attachment is: pictures and PDF by name, everything else is text to it. */
export function mimeOf(extension: string): string {
  return byExtension[extension.toLowerCase()] ?? "text/plain";
}
