#include "cli/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>
#include <tuple>
#include <utility>

#include "cli/stop_signals.h"
#include "core/error.h"

namespace mesa {
namespace {

namespace fs = std::filesystem;

/// More than any permitted run can write.
constexpr off_t kMostBytes = off_t{1} << 30;

std::string reason() { return std::generic_category().message(errno); }

/// The result of stat(), or nothing if there is no such file.
std::optional<struct stat> status_of(const fs::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return {};
  return status;
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  /// Returns whether all went well; some systems write only now.
  bool close() { return !is_open() || ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

/// The path that symbolic links at `place` lead to; there may be no file yet.
fs::path behind_links(const NamedPath& place) {
  constexpr int kMostLinks = 40;
  fs::path path = place.path;
  std::error_code failure;
  for (int links = 0; fs::is_symlink(path, failure); ++links) {
    if (links == kMostLinks) {
      throw bad_file(place.option,
                     place.path + " leads through too many symbolic links; give the path of the file itself");
    }
    path = path.parent_path() / fs::read_symlink(path, failure);
  }
  return path;
}

/// Equal for two paths exactly if they lead to the same file: its device and inode, or for a file that does
/// not exist those of its folder, and its name.
using Identity = std::tuple<dev_t, ino_t, std::string>;

std::optional<Identity> identity_of(const NamedPath& place) {
  const fs::path path = behind_links(place);
  if (const auto status = status_of(path)) return Identity(status->st_dev, status->st_ino, "");
  const auto folder = status_of(path.has_parent_path() ? path.parent_path() : ".");
  if (!folder) return {};
  return Identity(folder->st_dev, folder->st_ino, path.filename());
}

std::optional<Identity> identity_of_standard_output() {
  struct stat status {};
  if (fstat(STDOUT_FILENO, &status) != 0) return {};
  return Identity(status.st_dev, status.st_ino, "");
}

/// A temporary file in the target's folder, removed on destruction unless it has replaced the target.
class PartFile {
 public:
  explicit PartFile(fs::path target) : target_(std::move(target)), file_(create()) {}
  ~PartFile() {
    if (is_made_ && !is_placed_) unlink(path_.c_str());
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  [[nodiscard]] bool is_open() const { return file_.is_open(); }

  /// Returns whether all went well; otherwise errno has the reason.
  bool write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_.number(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      bytes.remove_prefix(std::size_t(written));
    }
    return true;
  }

  /// Replaces the target. Returns as write() does.
  bool take_place() {
    if (const auto old = status_of(target_)) {
      // Only root may change the owner, so a failure is ignored; the mode is what counts.
      if (fchown(file_.number(), old->st_uid, old->st_gid) != 0) errno = 0;
      constexpr mode_t kModeBits = 07777;
      if (fchmod(file_.number(), old->st_mode & kModeBits) != 0) return false;
    }
    // EINVAL means that this kind of file system needs no fsync().
    if (fsync(file_.number()) != 0 && errno != EINVAL) return false;
    is_placed_ = file_.close() && rename(path_.c_str(), target_.c_str()) == 0;
    if (is_placed_) fsync(Descriptor(open(folder().c_str(), O_RDONLY | O_CLOEXEC)).number());
    return is_placed_;
  }

 private:
  [[nodiscard]] fs::path folder() const { return target_.has_parent_path() ? target_.parent_path() : "."; }

  /// Creates the file under a unique name, short because the target's may be of the greatest length.
  int create() {
    static std::atomic<unsigned> count = 0;
    constexpr mode_t kReadWrite = 0666;  // less the bits of the umask
    while (true) {
      path_ = folder() / (".mesa-" + std::to_string(getpid()) + '-' + std::to_string(count++) + ".part");
      const int number = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kReadWrite);
      if (number < 0 && errno == EEXIST) continue;
      is_made_ = number >= 0;
      return number;
    }
  }

  fs::path target_;
  fs::path path_;
  bool is_made_ = false;
  bool is_placed_ = false;
  Descriptor file_;
};

/// The path to write in the end. Throws Error if something other than a regular file is there.
fs::path target_of(const NamedPath& place) {
  const auto status = status_of(place.path);
  if (status && !S_ISREG(status->st_mode)) {
    throw bad_file(place.option,
                   place.path + " is not a regular file; give the path of one, or of a new file");
  }
  return behind_links(place);
}

}  // namespace

std::string read_file(const std::string& path) {
  // With O_NONBLOCK, open() does not wait for the writer of a pipe.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open()) throw bad_file(path, "cannot be opened for reading: " + reason());
  struct stat status {};
  if (fstat(file.number(), &status) != 0) throw bad_file(path, "cannot be read: " + reason());
  if (!S_ISREG(status.st_mode)) throw bad_file(path, "this is not a regular file");
  if (status.st_size > kMostBytes) throw bad_file(path, "too large for a checkpoint, more than 1 GiB");
  std::string bytes;
  std::array<char, 1 << 16> part;
  while (true) {
    const ssize_t count = read(file.number(), part.data(), part.size());
    if (count == 0) return bytes;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw bad_file(path, "cannot be read: " + reason());
    bytes.append(part.data(), std::size_t(count));
  }
}

Checkpoint read_checkpoint(const std::string& path) { return parse_checkpoint(read_file(path), path); }

void check_apart(const NamedPath& output, std::initializer_list<NamedPath> others) {
  const auto identity = output.path.empty() ? identity_of_standard_output() : identity_of(output);
  for (const NamedPath& other : others) {
    if (other.path.empty() || !identity || identity_of(other) != identity) continue;
    throw bad_file(output.option, joined({"would overwrite the file of ", other.option, ", ", other.path}));
  }
}

OutputFile::OutputFile(NamedPath place) : place_(std::move(place)) {
  const fs::path target = target_of(place_);
  const std::string cannot = place_.path + " cannot be written: ";
  if (status_of(target) && faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) != 0) {
    throw bad_file(place_.option, cannot + reason());
  }
  const SignalsDeferred whole;
  if (!PartFile(target).is_open()) {
    throw bad_file(place_.option, cannot + reason() + "; check that the folder exists");
  }
}

void OutputFile::write(std::string_view bytes) const {
  const fs::path target = target_of(place_);
  const SignalsDeferred whole;
  PartFile part(target);
  if (part.is_open() && part.write(bytes) && part.take_place()) return;
  throw WriteFailure(joined({place_.option, ": ", place_.path, " could not be written: ", reason()}));
}

}  // namespace mesa
