/** Mean radius of the Earth (IUGG). */
const EARTH_RADIUS_KM = 6371.0088;

const RADIANS_PER_DEGREE = Math.PI / 180;

/** Great-circle distance by the haversine formula; degrees in, km out. */
export function greatCircleKm(
  longitudeA: number,
  latitudeA: number,
  longitudeB: number,
  latitudeB: number,
): number {
  const sineLatitude = Math.sin(((latitudeB - latitudeA) * RADIANS_PER_DEGREE) / 2);
  const sineLongitude = Math.sin(((longitudeB - longitudeA) * RADIANS_PER_DEGREE) / 2);
  const haversine =
    sineLatitude * sineLatitude +
    Math.cos(latitudeA * RADIANS_PER_DEGREE) *
      Math.cos(latitudeB * RADIANS_PER_DEGREE) *
      sineLongitude *
      sineLongitude;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(haversine)));
}

/**
 * Some sources write 48 degrees 51 minutes as 48.51. Such a number never has a minute part of 60 or
 * more, while of true decimal degrees two in five do: with ten nodes, 20 numbers, taking one for
 * the other has a chance of 4 in 100,000.
 */
export function looksLikeDegreesMinutes(coordinates: readonly number[]): boolean {
  if (coordinates.length < 20) return false;
  return coordinates.every((value) => minutePart(value) < 60);
}

/** 48.51 (48 degrees 51 minutes) to 48.85 degrees. */
export function degreesFromDegreesMinutes(value: number): number {
  const degrees = Math.trunc(value);
  return degrees + (Math.sign(value) * minutePart(value)) / 60;
}

function minutePart(value: number): number {
  return Math.round((Math.abs(value) % 1) * 10_000) / 100;
}
