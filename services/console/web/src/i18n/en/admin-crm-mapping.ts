/** Mappings, memorialization, workflows. */
export const mapping = {
  field: { field: 'Field' },
};
