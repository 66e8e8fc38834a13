/**
 * Where one sheet stands below the scene instead of panels around it: phones, and tablets held upright, where panels on
 * both sides would leave the park a strip. The style sheet of the shell asks the same.
 */
export const narrowScreen = '(max-width: 820px), (max-width: 1100px) and (orientation: portrait)'
