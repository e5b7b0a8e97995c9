/** Whether Rust's `str::trim` would leave nothing: it trims Unicode `White_Space`, which differs from JavaScript's. */
export function isBlank(text: string): boolean {
  return !/\P{White_Space}/u.test(text);
}

/** The order of the crate's `BTreeMap<String, _>`: by code point, where JavaScript's `<` goes by UTF-16 unit. */
export function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = codePointRank(left.charCodeAt(index)) - codePointRank(right.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Surrogates stand for code points above every other UTF-16 unit. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Whether a text is one JSON value. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
