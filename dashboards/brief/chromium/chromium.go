// Package chromium has a headless Chromium print a page or take its picture. The
// page must need nothing from anywhere: the browser is cut off from every
// network.
package chromium

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// ErrNone is given where no Chromium is installed.
var ErrNone = errors.New("chromium was not found")

// longest is how long a print may take.
const longest = 2 * time.Minute

// Find gives the browser's path.
func Find() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNone
}

// PDF prints the page as its own stylesheet lays it out.
func PDF(ctx context.Context, html []byte) (out []byte, err error) {
	yes := true
	err = show(ctx, html, 0, func(tab context.Context) error {
		out, err = chromedp.Run(tab, chromedp.PrintToPDF(func(p *page.PrintToPDFParams) {
			p.PreferCSSPageSize, p.PrintBackground, p.GenerateTaggedPDF, p.GenerateDocumentOutline = &yes, &yes, &yes, &yes
		}))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("printing the page: %w", err)
	}
	return out, nil
}

// PNG is the page's picture, width pixels wide and as high as it is.
func PNG(ctx context.Context, html []byte, width int64) (out []byte, err error) {
	err = show(ctx, html, width, func(tab context.Context) error {
		out, err = chromedp.Run(tab, chromedp.FullScreenshot(100))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("taking the page's picture: %w", err)
	}
	return out, nil
}

// show opens the page in a browser of its own, which is gone afterwards with
// everything it wrote.
func show(ctx context.Context, html []byte, width int64, do func(tab context.Context) error) (err error) {
	path, err := Find()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "yardstick-print-")
	if err != nil {
		return fmt.Errorf("making the browser's folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ctx, late := context.WithTimeout(ctx, longest)
	defer late()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(dir), chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("headless", "new"), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"), chromedp.Flag("proxy-server", "127.0.0.1:9"), chromedp.Flag("proxy-bypass-list", "<-loopback>"))
	if os.Geteuid() == 0 { // its sandbox does not work for root
		options = append(options, chromedp.NoSandbox)
	}
	allocator, stop := chromedp.NewExecAllocator(ctx, options...)
	defer stop()
	tab, closed := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {})) // what matters comes back as an error
	defer closed()
	if err := open(tab, html, width); err != nil {
		return cut(ctx, err)
	}
	return cut(ctx, do(tab))
}

// open sets the page into the tab, which reaches nothing and runs no script.
func open(tab context.Context, html []byte, width int64) error {
	if err := chromedp.Do(tab); err != nil { // the browser starts
		return fmt.Errorf("starting the browser: %w", err)
	}
	if _, err := chromedp.Call(tab, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: true, DownloadThroughput: -1, UploadThroughput: -1}); err != nil {
		return fmt.Errorf("cutting the browser off: %w", err)
	}
	if _, err := chromedp.Call(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		return fmt.Errorf("turning scripts off: %w", err)
	}
	if width > 0 {
		if _, err := chromedp.Call(tab, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 600, DeviceScaleFactor: 1}); err != nil {
			return fmt.Errorf("setting the browser's width: %w", err)
		}
	}
	tree, err := chromedp.Call(tab, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return fmt.Errorf("finding the browser's page: %w", err)
	}
	if _, err := chromedp.Call(tab, page.SetDocumentContent, page.SetDocumentContentParams{FrameID: tree.FrameTree.Frame.ID, HTML: string(html)}); err != nil {
		return fmt.Errorf("setting the page: %w", err)
	}
	return nil
}

// cut tells that a print was given up before what broke because of it.
func cut(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
