# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Frames by which host and kernel are compared must show what is wrong with either: each line of the mutants makes
# something wrong, and some verdict or some byte must be another one then.
# judge FOLDER: what this source says of the frames
judge() {
  cargo build --package expected &&
    target/debug/expected $1 $frames 7 02:00:00:00:00:01 policies/library vmtests/kernel/verdicts/*/ > $1.log
}
judge right
grep -v '^#' vmtests/kernel/verdicts/mutants | while read -r file change; do
  cp $file kept
  sed -i "$change" $file
  ! cmp -s $file kept || { echo "$file: '$change' changes nothing"; exit 1; }
  rm -rf wrong
  ! judge wrong || ! diff -rq right wrong || { echo "$file: nobody sees '$change'"; exit 1; }
  cp kept $file
  echo "$file $change" >> $out
done
