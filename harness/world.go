package harness

import (
	"errors"
	"io/fs"
	"os"

	"msharp/harness/disk"
	"msharp/harness/record"
)

// ofTheWorld reports whether an error is that of a file: it could not be read or written. That is no trial's fault, and the next trial would
// meet it too.
func ofTheWorld(err error) bool {
	return errors.As(err, new(*fs.PathError)) || errors.As(err, new(*os.LinkError)) || errors.As(err, new(*os.SyscallError)) ||
		errors.Is(err, disk.ErrKind) || errors.Is(err, record.ErrMoved)
}
