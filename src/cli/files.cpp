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

/// More than any run that is allowed can write.
constexpr off_t kMostBytes = off_t{1} << 30;

std::string reason() { return std::generic_category().message(errno); }

/// What stat() says; nothing when there is no such file.
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
  /// Whether all went well: some systems write only now.
  bool close() { return !is_open() || ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

/// The path that links at `path` lead to in the end, where there may be no file yet.
fs::path behind_links(const NamedPath& place) {
  constexpr int kMostLinks = 40;
  fs::path path = place.path;
  std::error_code failure;
  for (int links = 0; fs::is_symlink(path, failure); ++links) {
    if (links == kMostLinks) throw bad_file(place.option, place.path + " is a link that leads nowhere");
    path = path.parent_path() / fs::read_symlink(path, failure);
  }
  return path;
}

/// What is the same for two paths exactly when they lead to the same file: the numbers of its device and
/// itself, or those of the folder that it would be in and its name.
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

/// A new file in the target's folder, which is gone with this unless it takes the target's place.
class PartFile {
 public:
  explicit PartFile(fs::path target) : target_(std::move(target)), file_(create()) {}
  ~PartFile() {
    if (is_made_ && !is_placed_) unlink(path_.c_str());
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  [[nodiscard]] bool is_open() const { return file_.is_open(); }

  /// Returns whether all went well; errno says what did not.
  bool write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_.number(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      bytes.remove_prefix(std::size_t(written));
    }
    return true;
  }

  /// Likewise.
  bool take_place() {
    if (const auto old = status_of(target_)) {
      // Only root may give files away; for others the mode is what counts.
      if (fchown(file_.number(), old->st_uid, old->st_gid) != 0) errno = 0;
      constexpr mode_t kModeBits = 07777;
      if (fchmod(file_.number(), old->st_mode & kModeBits) != 0) return false;
    }
    // EINVAL: there is nothing to wait for on this kind of file system.
    if (fsync(file_.number()) != 0 && errno != EINVAL) return false;
    is_placed_ = file_.close() && rename(path_.c_str(), target_.c_str()) == 0;
    if (is_placed_) fsync(Descriptor(open(folder().c_str(), O_RDONLY | O_CLOEXEC)).number());
    return is_placed_;
  }

 private:
  [[nodiscard]] fs::path folder() const { return target_.has_parent_path() ? target_.parent_path() : "."; }

  /// The name is short, as that of the target may be as long as names can be, and nobody else's.
  int create() {
    static std::atomic<unsigned> count = 0;
    constexpr mode_t kReadWrite = 0666;  // but for what the umask takes away
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

/// Where the bytes go in the end. Throws Error when there is something else than a regular file.
fs::path target_of(const NamedPath& place) {
  const auto status = status_of(place.path);
  if (status && !S_ISREG(status->st_mode)) {
    throw bad_file(place.option, place.path + " is no regular file, such as a result has to go to");
  }
  return behind_links(place);
}

}  // namespace

std::string read_file(const std::string& path) {
  // A pipe that nobody writes to would keep a plain open() waiting.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open()) throw bad_file(path, "cannot be opened for reading: " + reason());
  struct stat status {};
  if (fstat(file.number(), &status) != 0) throw bad_file(path, "cannot be read: " + reason());
  if (!S_ISREG(status.st_mode)) throw bad_file(path, "this is no regular file");
  if (status.st_size > kMostBytes) throw bad_file(path, "this is too large to be a checkpoint");
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
    throw bad_file(output.option, joined({"would write over the file of ", other.option, ", ", other.path}));
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
