// The figures of a run as TensorBoard reads them: an event file beside metrics.jsonl.
//
// A file of records, each
//     length u64, crc32c(length) masked u32, bytes, crc32c(bytes) masked u32         little endian
//     masked(c) = (c >> 15 | c << 17) + 0xa282ead8                                   TensorFlow's TFRecord
// whose bytes are a message Event (protobuf): wall_time (1), step (2), file_version (3) in the first one, in the
// others a summary (5) of values (1) with tag (1) and simple_value (2).
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace heed::support {

// TensorBoard looks for "tfevents" in the names of files.
inline constexpr const char* event_file_name = "events.out.tfevents.heed";

// The bytes of such a file. Of each line of the metrics: all numbers, at its "step"; train_ppl is the tag train/ppl,
// valid_bleu is valid/bleu, the others keep their names. The time of a line is `begin`, in seconds since 1970, and
// its "seconds". The same lines give the same bytes.
std::string event_bytes(const std::vector<nlohmann::json>& metrics, double begin);

// Brings the file up to date. If what is there is the beginning of it, the rest is put behind, so that a TensorBoard
// that is looking sees it; else it is replaced.
void write_events(const std::filesystem::path& file, const std::vector<nlohmann::json>& metrics, double begin);

}  // namespace heed::support
