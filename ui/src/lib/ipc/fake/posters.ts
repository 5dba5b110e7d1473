/** Drawn stills that stand in for decoded frames. */

const svg = (width: number, height: number, body: string) =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" preserveAspectRatio="xMidYMid slice">${body}</svg>`,
  )}`;

const gradient = (id: string, from: string, to: string) =>
  `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>`;

export const posters = {
  ridge: svg(
    180,
    320,
    `<defs>${gradient("s", "#f6b26b", "#d9577a")}${gradient("h", "#5b3a66", "#2b2145")}</defs>
    <rect width="180" height="320" fill="url(#s)"/><circle cx="118" cy="132" r="30" fill="#fff1cf" opacity=".92"/>
    <path d="M0 198 L38 160 L70 190 L112 140 L150 186 L180 164 V320 H0Z" fill="#8a4a6d" opacity=".75"/>
    <path d="M0 236 L50 196 L92 232 L136 192 L180 226 V320 H0Z" fill="url(#h)"/>
    <path d="M84 262 q4-26 8-26 q4 0 8 26z" fill="#140f24"/><circle cx="92" cy="231" r="5" fill="#140f24"/>`,
  ),
  espresso: svg(
    180,
    320,
    `<defs>${gradient("b", "#3b2a22", "#17110e")}${gradient("c", "#f4ede4", "#cdbfae")}</defs>
    <rect width="180" height="320" fill="url(#b)"/><rect y="226" width="180" height="94" fill="#6f4a30"/><rect y="226" width="180" height="5" fill="#8d6140"/>
    <rect x="60" y="40" width="60" height="34" rx="6" fill="#9aa0a6"/><rect x="78" y="74" width="7" height="16" fill="#70757a"/><rect x="95" y="74" width="7" height="16" fill="#70757a"/>
    <rect x="80" y="90" width="3" height="98" fill="#a3602c"/><rect x="97" y="90" width="3" height="98" fill="#a3602c"/>
    <path d="M50 186 h80 l-9 46 q-2 8-10 8 h-42 q-8 0-10-8z" fill="url(#c)"/><ellipse cx="90" cy="187" rx="40" ry="8" fill="#5a2f16"/><ellipse cx="90" cy="187" rx="31" ry="5" fill="#b5763f"/>
    <path d="M130 196 q20 0 17 16 q-3 12-21 10" fill="none" stroke="#d8cbbb" stroke-width="6"/>`,
  ),
  desk: svg(
    320,
    180,
    `<defs>${gradient("w", "#d8e3ea", "#aebfca")}${gradient("m", "#20364a", "#0e1b27")}</defs>
    <rect width="320" height="180" fill="url(#w)"/><rect y="134" width="320" height="46" fill="#b08968"/><rect y="134" width="320" height="4" fill="#c9a483"/>
    <rect x="92" y="44" width="136" height="78" rx="4" fill="url(#m)"/><rect x="152" y="122" width="16" height="12" fill="#65727d"/>
    <rect x="102" y="54" width="70" height="6" fill="#6bb8d6"/><rect x="102" y="66" width="104" height="5" fill="#3d5a72"/><rect x="102" y="76" width="88" height="5" fill="#3d5a72"/><rect x="102" y="96" width="116" height="14" rx="2" fill="#e0a458"/>
    <rect x="36" y="96" width="20" height="38" rx="3" fill="#f1efe9"/><path d="M46 96 q-18-20-6-38 q10 14 6 38" fill="#4f8a5b"/><path d="M46 96 q18-18 10-36 q-14 12-10 36" fill="#69a874"/>
    <circle cx="270" cy="124" r="10" fill="#33434f"/><rect x="268" y="70" width="4" height="48" fill="#33434f"/><path d="M252 72 h36 l-8-20 h-20z" fill="#e8c468"/>`,
  ),
  night: svg(
    180,
    320,
    `<defs>${gradient("n", "#0d1330", "#3a2a63")}</defs><rect width="180" height="320" fill="url(#n)"/><circle cx="44" cy="58" r="16" fill="#f3efd9"/>
    ${Array.from({ length: 9 }, (_, i) => {
      const height = 70 + ((i * 53) % 110);
      const windows = Array.from({ length: 10 }, (_, w) =>
        (i * 7 + w * 5) % 3 === 0
          ? ""
          : `<rect x="${i * 21 + 4 + (w % 2) * 7}" y="${322 - height + Math.floor(w / 2) * 15}" width="4" height="6" fill="#f2c66b" opacity=".8"/>`,
      ).join("");
      return `<rect x="${i * 21 - 1}" y="${314 - height}" width="20" height="${height + 10}" fill="${i % 2 ? "#141936" : "#1c2247"}"/>${windows}`;
    }).join("")}<path d="M0 292 h180 v28 h-180z" fill="#0a0d20"/><path d="M0 306 h180" stroke="#e25d5d" stroke-width="2" stroke-dasharray="26 9"/>`,
  ),
  wave: svg(
    180,
    320,
    `<defs>${gradient("k", "#bfe4ef", "#f3f6ec")}${gradient("o", "#1c86a6", "#0b4a6b")}</defs><rect width="180" height="320" fill="url(#k)"/>
    <path d="M0 150 q60-70 118-18 q38 36 62 6 V320 H0z" fill="url(#o)"/><path d="M0 152 q60-70 118-18 q38 36 62 6" fill="none" stroke="#eefafc" stroke-width="7"/>
    <path d="M0 214 q50-26 92 0 t88 0 V320 H0z" fill="#0f5d83" opacity=".8"/><path d="M74 116 l34 12" stroke="#f08a4b" stroke-width="6" stroke-linecap="round"/><circle cx="90" cy="96" r="6" fill="#33251f"/><path d="M88 102 l4 18 M90 108 l14 2" stroke="#33251f" stroke-width="5" stroke-linecap="round"/>`,
  ),
  plant: svg(
    180,
    320,
    `<defs>${gradient("g", "#f0ead9", "#d9cfb4")}</defs><rect width="180" height="320" fill="url(#g)"/><rect y="250" width="180" height="70" fill="#c7b28a"/>
    <path d="M62 206 h56 l-8 66 h-40z" fill="#c46a45"/><rect x="58" y="198" width="64" height="14" rx="3" fill="#d57d56"/>
    ${[-56, -32, -10, 14, 38, 60]
      .map((angle, i) => `<path d="M90 200 q-16-46 0-${96 + (i % 3) * 14} q16 50 0 ${96 + (i % 3) * 14}" fill="${i % 2 ? "#4d8b57" : "#2f6b42"}" transform="rotate(${angle} 90 200)"/>`)
      .join("")}`,
  ),
} as const;

/** A drawn face with initials, for an account's picture. */
export function avatar(initials: string, hue: number): string {
  return svg(
    64,
    64,
    `<defs>${gradient("a", `hsl(${hue} 62% 62%)`, `hsl(${hue + 35} 58% 42%)`)}</defs><rect width="64" height="64" fill="url(#a)"/>
    <text x="32" y="41" font-family="system-ui, sans-serif" font-size="25" font-weight="600" fill="#fff" text-anchor="middle">${initials}</text>`,
  );
}
