/** Preloaded into a process, it records every write, fsync and truncation of one SQLite store in order. */
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <map>
#include <mutex>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>

// The files are <store>, <store>-wal, <store>.acks (what the process was told in return), the folder
// <store>-results and what is in it. One record is four little-endian numbers (what, file, offset, length),
// then the bytes of a write, or the name of a file in the folder when its number is used for the first time.
namespace {
struct Head {
  uint32_t what;
  uint32_t file;
  uint64_t offset;
  uint64_t length;
};
enum What : uint32_t { WRITE = 1, SYNC = 2, TRUNCATE = 3, NAME = 4, REMOVE = 5 };

// Held over the call and its record, so that the order of the records is the order of the calls.
std::mutex turn;
std::mutex naming;
std::map<std::string, int> names;

int journal() {
  static const int fd = open(getenv("POWER_LOSS_JOURNAL"), O_WRONLY | O_CREAT | O_APPEND, 0600);
  return fd;
}

/** write() itself is replaced below: the system is called without it. */
void put(const void *bytes, size_t length) {
  if (syscall(SYS_write, journal(), bytes, length) != static_cast<ssize_t>(length)) abort();
}

void record(What what, int file, uint64_t offset, uint64_t length, const void *bytes) {
  const Head head{what, static_cast<uint32_t>(file), offset, length};
  put(&head, sizeof head);
  if (bytes) put(bytes, length);
}

/** The number of a file in the folder; told when it is new. */
int numberOf(const std::string &name) {
  const std::lock_guard<std::mutex> held(naming);
  const auto [at, isNew] = names.try_emplace(name, 4 + static_cast<int>(names.size()));
  if (isNew) record(NAME, at->second, 0, name.size(), name.data());
  return at->second;
}

/** 0 the database, 1 its log, 2 the acknowledgements, 3 the folder, 4.. what is in it; -1 every other file. */
int fileAt(const std::string &path) {
  static const std::string store = getenv("POWER_LOSS_STORE");
  if (path.compare(0, store.size(), store) != 0) return -1;
  const std::string rest = path.substr(store.size()), folder = "-results/";
  if (rest.compare(0, folder.size(), folder) == 0) return numberOf(rest.substr(folder.size()));
  return rest == "" ? 0 : rest == "-wal" ? 1 : rest == ".acks" ? 2 : rest == "-results" ? 3 : -1;
}

int fileOf(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, sizeof path);
  return length < 0 ? -1 : fileAt(std::string(path, length));
}

template <typename Call> ssize_t recordedWrite(int file, const void *bytes, off_t offset, Call call) {
  const std::lock_guard<std::mutex> held(turn);
  const ssize_t written = call();
  if (written > 0) record(WRITE, file, offset, written, bytes);
  return written;
}

template <typename Call> int recorded(What what, int fd, uint64_t length, Call call) {
  const int file = fileOf(fd);
  if (file < 0) return call();
  const std::lock_guard<std::mutex> held(turn);
  const int code = call();
  if (code == 0) record(what, file, 0, length, nullptr);
  return code;
}

template <typename Function> Function next(const char *name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}
} // namespace

extern "C" {
ssize_t write(int fd, const void *bytes, size_t length) {
  const int file = fileOf(fd);
  const auto call = [=] { return syscall(SYS_write, fd, bytes, length); };
  return file < 0 ? call() : recordedWrite(file, bytes, lseek(fd, 0, SEEK_CUR), call);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  static const auto real = next<ssize_t (*)(int, const void *, size_t, off64_t)>("pwrite64");
  const int file = fileOf(fd);
  const auto call = [=] { return real(fd, bytes, length, offset); };
  return file < 0 ? call() : recordedWrite(file, bytes, offset, call);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  return pwrite64(fd, bytes, length, offset);
}

int fsync(int fd) {
  static const auto real = next<int (*)(int)>("fsync");
  return recorded(SYNC, fd, 0, [=] { return real(fd); });
}

int fdatasync(int fd) {
  static const auto real = next<int (*)(int)>("fdatasync");
  return recorded(SYNC, fd, 0, [=] { return real(fd); });
}

int ftruncate64(int fd, off64_t length) {
  static const auto real = next<int (*)(int, off64_t)>("ftruncate64");
  return recorded(TRUNCATE, fd, length, [=] { return real(fd, length); });
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int unlink(const char *path) {
  static const auto real = next<int (*)(const char *)>("unlink");
  const int file = fileAt(path);
  if (file < 4) return real(path);
  const std::lock_guard<std::mutex> held(turn);
  const int code = real(path);
  if (code == 0) record(REMOVE, file, 0, 0, nullptr);
  return code;
}
}
