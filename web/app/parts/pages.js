/** A list to its end, page by page: `took` gets each answer, and says false where nobody wants more.
 *  @param {(which: {cursor?: string}) => Promise<any>} read @param {(answer: any) => unknown} took @param {string} [cursor]  where to begin */
export async function everyPage(read, took, cursor = '') {
  const seen = new Set();
  do {
    seen.add(cursor);
    const answer = await read(cursor ? { cursor } : {});
    cursor = answer.next ?? '';
    if (took(answer) === false) return;
  } while (cursor && !seen.has(cursor));
}

/** Whether a name is what somebody looks for: each word of it, in any order, capitals and accents or not.
 *  @param {unknown} name @param {string} wanted */
export function matches(name, wanted) {
  const text = plain(String(name ?? ''));
  return plain(wanted)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** @param {string} text */
const plain = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();
