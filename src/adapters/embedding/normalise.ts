/** The vector itself, brought to length 1; one of zeros stays as it is. */
export function normalise(vector: Float32Array): Float32Array {
  let squares = 0;
  for (let index = 0; index < vector.length; index += 1) squares += vector[index]! * vector[index]!;
  if (squares === 0) return vector;
  const length = Math.sqrt(squares);
  for (let index = 0; index < vector.length; index += 1) vector[index] = vector[index]! / length;
  return vector;
}
