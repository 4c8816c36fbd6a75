/** Prints the after-action report with the browser that prints the pack, where there is one. */
import { findBrowser, launchBrowser, NoBrowserError } from '../../common/browser';

/** The report as PDF (A4, tagged), or one sentence that says why there is none. */
export async function exercisePdf(html: string): Promise<Buffer | string> {
  try {
    findBrowser();
  } catch (error) {
    if (error instanceof NoBrowserError) return error.message;
    throw error;
  }
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.route('**/*', (route) => route.abort());
    await page.setContent(html, { waitUntil: 'load' });
    const margin = { top: '18mm', right: '16mm', bottom: '18mm', left: '16mm' };
    return await page.pdf({ format: 'A4', tagged: true, outline: true, margin });
  } finally {
    await browser.close();
  }
}
