import * as v from 'valibot'

/** Why the server did not take a site file, in its own words. */
export const siteFault = v.object({
  code: v.picklist(['tooLarge', 'notJson', 'invalid', 'taken']),
  path: v.pipe(v.string(), v.maxLength(500)),
  message: v.pipe(v.string(), v.maxLength(1000)),
})
