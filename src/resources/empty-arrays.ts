/** What a station begins with: an array of its own costs some 200 bytes even when it is empty. */
export const NO_FLOATS = new Float64Array(0);
export const NO_INTEGERS = new Int32Array(0);
