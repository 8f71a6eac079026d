export const mapping = {
  field: { field: 'Campo' },
};
