/** Characters whose meaning is a private agreement (the private use areas of Unicode). */
export const PRIVATE_USE = /[\ue000-\uf8ff\u{f0000}-\u{ffffd}\u{100000}-\u{10fffd}]/u;
