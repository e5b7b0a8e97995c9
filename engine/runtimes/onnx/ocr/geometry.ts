/** A place in a picture, from its left and its top. */
export type Point = readonly [x: number, y: number];

/** Four corners, clockwise from the top left. */
export type Quad = readonly [Point, Point, Point, Point];

export function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(ax - bx, ay - by);
}

/** The smallest rectangle around points, turned as it may be, and its shorter side. Fewer than three corners: flat. */
export function smallestRectangle(points: readonly Point[]): { corners: Quad; shortSide: number } {
  const hull = convexHull(points);
  let best: { corners: Point[]; area: number; shortSide: number } | undefined;
  for (const [at, corner] of hull.entries()) {
    const found = rectangleAlong(hull, corner, hull[(at + 1) % hull.length] ?? corner);
    if (!best || found.area < best.area) best = found;
  }
  return { corners: clockwise(best?.corners ?? []), shortSide: best?.shortSide ?? 0 };
}

/** The corners of a rectangle from the one at the top left: the upper of the two on the left comes first. */
function clockwise(corners: readonly Point[]): Quad {
  const none: Point = [0, 0];
  const [a = none, b = none, c = none, d = none] = [...corners].sort((left, right) => left[0] - right[0]);
  const [topLeft, bottomLeft] = b[1] > a[1] ? [a, b] : [b, a];
  const [topRight, bottomRight] = d[1] > c[1] ? [c, d] : [d, c];
  return [topLeft, topRight, bottomRight, bottomLeft];
}

function rectangleAlong(hull: readonly Point[], [x, y]: Point, [nextX, nextY]: Point) {
  const length = Math.hypot(nextX - x, nextY - y) || 1;
  const [dx, dy] = [(nextX - x) / length, (nextY - y) / length];
  const along = hull.map(([px, py]) => px * dx + py * dy);
  const across = hull.map(([px, py]) => py * dx - px * dy);
  const [left, right] = [Math.min(...along), Math.max(...along)];
  const [top, bottom] = [Math.min(...across), Math.max(...across)];
  const corner = (u: number, v: number): Point => [u * dx - v * dy, u * dy + v * dx];
  return {
    corners: [corner(left, top), corner(right, top), corner(right, bottom), corner(left, bottom)],
    area: (right - left) * (bottom - top),
    shortSide: Math.min(right - left, bottom - top),
  };
}

/** The corners of the hull, without those on its edges: https://en.wikibooks.org/wiki/Algorithm_Implementation, Andrew's chain. */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  if (sorted.length < 3) return sorted;
  return [...halfHull(sorted), ...halfHull(sorted.reverse())];
}

function halfHull(points: readonly Point[]): Point[] {
  const hull: Point[] = [];
  for (const point of points) {
    while (hull.length > 1 && turn(hull.at(-2) ?? point, hull.at(-1) ?? point, point) <= 0) hull.pop();
    hull.push(point);
  }
  return hull.slice(0, -1);
}

/** Above zero where the way from `a` over `b` to `c` turns to the right, as seen in a picture. */
function turn([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

/** The area that corners enclose, in whatever order they go round. */
export function areaOf(corners: readonly Point[]): number {
  const sum = corners.reduce((total, [x, y], at) => {
    const [nextX, nextY] = corners[(at + 1) % corners.length] ?? [x, y];
    return total + x * nextY - nextX * y;
  }, 0);
  return Math.abs(sum) / 2;
}

/** The way round corners. */
export function lengthOf(corners: readonly Point[]): number {
  return corners.reduce(
    (total, corner, at) => total + distance(corner, corners[(at + 1) % corners.length] ?? corner),
    0,
  );
}

/** How far a rounded corner may be from a circle: the default of Clipper, in pixels. */
const arcTolerance = 0.25;

/** Corners of the shape that lies this far around a convex one, its own corners rounded, on whole pixels. */
export function grown(corners: Quad, by: number): Point[] {
  const hull = convexHull(corners.map(([x, y]): Point => [Math.trunc(x), Math.trunc(y)]));
  if (hull.length < 3) return [];
  const stepsPerTurn = Math.PI / Math.acos(1 - Math.min(arcTolerance, by * arcTolerance) / by);
  return hull.flatMap((corner, at) => {
    const before = hull[(at + hull.length - 1) % hull.length] ?? corner;
    const after = hull[(at + 1) % hull.length] ?? corner;
    return arcAround(corner, outward(before, corner), outward(corner, after), { by, stepsPerTurn });
  });
}

/** The direction away from a shape at its edge, as an angle: the hull goes clockwise, as seen in a picture. */
function outward([ax, ay]: Point, [bx, by]: Point): number {
  return Math.atan2(ax - bx, by - ay);
}

function arcAround(
  [x, y]: Point,
  from: number,
  to: number,
  { by, stepsPerTurn }: { by: number; stepsPerTurn: number },
): Point[] {
  const angle = (to - from + 2 * Math.PI) % (2 * Math.PI);
  const steps = Math.max(Math.round((stepsPerTurn * angle) / (2 * Math.PI)), 1);
  return Array.from({ length: steps + 1 }, (_, step): Point => {
    const direction = from + (angle * step) / steps;
    return [Math.round(x + Math.cos(direction) * by), Math.round(y + Math.sin(direction) * by)];
  });
}
