/** Begins the names of the boxes that ask to forget a saved secret: `forget-pass`. */
export const forgetPrefix = 'forget-'
