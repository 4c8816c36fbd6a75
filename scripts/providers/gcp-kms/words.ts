/** Words of Google's token endpoint that the stand-in and the endpoint of the unmodified gcloud share. */

/** The refusal of an assertion that is dated by a wrong clock. */
export const shortLived =
  'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';
