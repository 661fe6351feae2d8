export default { paths: () => [{ params: { pkg: "yeast" } }] }
