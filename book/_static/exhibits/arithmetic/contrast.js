// Which colour of text is read best on a colour that is laid thinly on paper. Colours are "#rrggbb".

const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

/** Relative luminance, as WCAG 2 defines it. @param {number[]} rgb 0…255 */
function luminance(rgb) {
  const [r, g, b] = rgb.map((n) => (n / 255 <= 0.04045 ? n / 255 / 12.92 : ((n / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Ratio of the luminances of two colours, 1…21. @param {number[]} a @param {number[]} b */
function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/**
 * The ink that stands out most.
 * @param {string} colour
 * @param {number} opacity with which it lies on the paper, 0…1
 * @param {string} paper
 * @param {string[]} inks
 */
export function clearest(colour, opacity, paper, inks) {
  const below = channels(paper);
  const mixed = channels(colour).map((n, at) => n * opacity + below[at] * (1 - opacity));
  const ratios = inks.map((ink) => contrast(mixed, channels(ink)));
  return inks[ratios.indexOf(Math.max(...ratios))];
}
