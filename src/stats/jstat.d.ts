/** The part of jStat that is used; the package brings no types. */
declare module 'jstat' {
  const jstat: {
    /** The gamma function, to some eight digits. */
    gammafn(x: number): number;
    studentt: {
      /** Quantile of Student's t distribution. */
      inv(probability: number, degreesOfFreedom: number): number;
    };
    gamma: {
      /** P(X <= x). */
      cdf(x: number, shape: number, scale: number): number;
    };
    lognormal: {
      /** P(X <= x), by mean and standard deviation of the logarithm. */
      cdf(x: number, mu: number, sigma: number): number;
    };
  };
  export default jstat;
}
