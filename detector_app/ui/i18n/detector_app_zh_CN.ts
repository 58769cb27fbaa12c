<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Detector App</source>
        <translation>关于 Detector App</translation>
    </message>
    <message>
        <source>An object detector you can see inside.
Version {version} · MIT licence</source>
        <translation>看得见内部的目标检测器。
版本 {version} · MIT 许可证</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Playback</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Detection</source>
        <translation>检测</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Application</source>
        <translation>应用程序</translation>
    </message>
    <message>
        <source>Show or hide a class</source>
        <translation>显示或隐藏类别</translation>
    </message>
    <message>
        <source>Open files…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>Open a folder…</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <source>Open a stream…</source>
        <translation>打开网络流…</translation>
    </message>
    <message>
        <source>Open a model file…</source>
        <translation>打开模型文件…</translation>
    </message>
    <message>
        <source>Next file</source>
        <translation>下一个文件</translation>
    </message>
    <message>
        <source>Previous file</source>
        <translation>上一个文件</translation>
    </message>
    <message>
        <source>Close the source</source>
        <translation>关闭输入源</translation>
    </message>
    <message>
        <source>Choose a camera</source>
        <translation>选择摄像头</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Play the demo</source>
        <translation>播放演示</translation>
    </message>
    <message>
        <source>Play or pause</source>
        <translation>播放或暂停</translation>
    </message>
    <message>
        <source>One frame back</source>
        <translation>后退一帧</translation>
    </message>
    <message>
        <source>One frame on</source>
        <translation>前进一帧</translation>
    </message>
    <message>
        <source>One second back</source>
        <translation>后退一秒</translation>
    </message>
    <message>
        <source>One second on</source>
        <translation>前进一秒</translation>
    </message>
    <message>
        <source>Go to the start</source>
        <translation>跳到开头</translation>
    </message>
    <message>
        <source>Go to the end</source>
        <translation>跳到结尾</translation>
    </message>
    <message>
        <source>Lower the score threshold</source>
        <translation>降低置信度阈值</translation>
    </message>
    <message>
        <source>Raise the score threshold</source>
        <translation>提高置信度阈值</translation>
    </message>
    <message>
        <source>Lower the overlap threshold</source>
        <translation>降低重叠阈值</translation>
    </message>
    <message>
        <source>Raise the overlap threshold</source>
        <translation>提高重叠阈值</translation>
    </message>
    <message>
        <source>About this model</source>
        <translation>模型信息</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>截图</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>Export results…</source>
        <translation>导出结果…</translation>
    </message>
    <message>
        <source>Fit the picture</source>
        <translation>适应窗口</translation>
    </message>
    <message>
        <source>Actual size</source>
        <translation>实际大小</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Leave full screen</source>
        <translation>退出全屏</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Show the log file</source>
        <translation>显示日志文件</translation>
    </message>
    <message>
        <source>About Detector App</source>
        <translation>关于 Detector App</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>AppliedSettings</name>
    <message>
        <source>The processor settings count from the next start on.</source>
        <translation>处理器设置将在下次启动后生效。</translation>
    </message>
</context>
<context>
    <name>CameraMenu</name>
    <message>
        <source>Looking for cameras…</source>
        <translation>正在查找摄像头…</translation>
    </message>
    <message>
        <source>No camera found</source>
        <translation>未找到摄像头</translation>
    </message>
</context>
<context>
    <name>ClassList</name>
    <message>
        <source>Only {name}</source>
        <translation>仅显示 {name}</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>全部显示</translation>
    </message>
    <message>
        <source>Hide all</source>
        <translation>全部隐藏</translation>
    </message>
</context>
<context>
    <name>ClassificationPanel</name>
    <message>
        <source>CLASSES</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Classes that the model knows</source>
        <translation>模型认识的类别数</translation>
    </message>
    <message>
        <source>Find a class</source>
        <translation>查找类别</translation>
    </message>
    <message>
        <source>Most probable classes</source>
        <translation>最可能的类别</translation>
    </message>
    <message>
        <source>This model names the picture as a whole: there are no boxes and no thresholds.</source>
        <translation>此模型对整幅画面进行分类：没有检测框，也没有阈值。</translation>
    </message>
    <message>
        <source>It looks at what is inside the thin frame.</source>
        <translation>它只看细线框内的部分。</translation>
    </message>
</context>
<context>
    <name>DetectionModel</name>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>置信度</translation>
    </message>
    <message>
        <source>Centre</source>
        <translation>中心</translation>
    </message>
</context>
<context>
    <name>DetectionPanel</name>
    <message>
        <source>DETECTIONS</source>
        <translation>检测结果</translation>
    </message>
    <message>
        <source>Double-click for the model&apos;s own value, {value}</source>
        <translation>双击恢复模型默认值 {value}</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>置信度</translation>
    </message>
    <message>
        <source>Least score of a detection  [  ]</source>
        <translation>检测框的最低置信度  [  ]</translation>
    </message>
    <message>
        <source>Overlap</source>
        <translation>重叠 (IoU)</translation>
    </message>
    <message>
        <source>Boxes that overlap more than this are one object (IoU)  {  }</source>
        <translation>重叠 (IoU) 超过此值的检测框视为同一目标  {  }</translation>
    </message>
    <message>
        <source>One box per object, whatever its class</source>
        <translation>跨类别去除重叠框</translation>
    </message>
    <message>
        <source>Boxes of different classes suppress each other, too</source>
        <translation>不同类别的检测框也相互抑制</translation>
    </message>
    <message>
        <source>Find a class</source>
        <translation>查找类别</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Click to show or hide a class  1–9</source>
        <translation>单击以显示或隐藏类别  1–9</translation>
    </message>
    <message>
        <source>Detections</source>
        <translation>检测结果</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>Opening {name}…</source>
        <translation>正在打开 {name}…</translation>
    </message>
    <message>
        <source>See what is there, and why</source>
        <translation>看见目标，也看见缘由</translation>
    </message>
    <message>
        <source>This may take a moment.</source>
        <translation>可能需要一点时间。</translation>
    </message>
    <message>
        <source>Drop a video, a picture, a folder or an .onnx model here, or begin with one of these.</source>
        <translation>将视频、图片、文件夹或 .onnx 模型拖放到此处，或从下面开始。</translation>
    </message>
    <message>
        <source>Play the demo</source>
        <translation>播放演示</translation>
    </message>
    <message>
        <source>Open a video</source>
        <translation>打开视频</translation>
    </message>
    <message>
        <source>Use a camera</source>
        <translation>使用摄像头</translation>
    </message>
</context>
<context>
    <name>ExportBar</name>
    <message>
        <source>{time} left</source>
        <translation>剩余 {time}</translation>
    </message>
    <message>
        <source>Exporting {name}</source>
        <translation>正在导出 {name}</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Folder for the results</source>
        <translation>结果文件夹</translation>
    </message>
    <message>
        <source>Export results</source>
        <translation>导出结果</translation>
    </message>
    <message>
        <source>Every frame of {name} is run through the model; none is skipped.</source>
        <translation>{name} 的每一帧都会经过模型检测，不会跳过任何帧。</translation>
    </message>
    <message>
        <source>COCO files hold boxes, and a classifier finds none</source>
        <translation>COCO 文件只保存检测框，而分类模型不产生检测框</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>ExportKinds</name>
    <message>
        <source>Video with boxes (.mp4)</source>
        <translation>带检测框的视频 (.mp4)</translation>
    </message>
    <message>
        <source>One JSON line per frame (.jsonl)</source>
        <translation>每帧一行 JSON (.jsonl)</translation>
    </message>
    <message>
        <source>Table (.csv)</source>
        <translation>表格 (.csv)</translation>
    </message>
    <message>
        <source>COCO results (.json)</source>
        <translation>COCO 结果 (.json)</translation>
    </message>
    <message>
        <source>Pictures with boxes</source>
        <translation>带检测框的图片</translation>
    </message>
    <message>
        <source>Video with the best classes (.mp4)</source>
        <translation>带最可能类别的视频 (.mp4)</translation>
    </message>
    <message>
        <source>Pictures with the best classes</source>
        <translation>带最可能类别的图片</translation>
    </message>
</context>
<context>
    <name>Inputs</name>
    <message>
        <source>Open videos, pictures or models</source>
        <translation>打开视频、图片或模型</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Models (*.onnx)</source>
        <translation>模型 (*.onnx)</translation>
    </message>
    <message>
        <source>Open a folder of pictures</source>
        <translation>打开图片文件夹</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>打开模型</translation>
    </message>
</context>
<context>
    <name>Keeper</name>
    <message>
        <source>The recording is saved: {name}</source>
        <translation>录像已保存：{name}</translation>
    </message>
    <message>
        <source>The snapshot is saved: {name}</source>
        <translation>截图已保存：{name}</translation>
    </message>
    <message>
        <source>The export was cancelled; what was written is in {name}</source>
        <translation>导出已取消；已写入的内容在 {name} 中</translation>
    </message>
    <message>
        <source>The results are saved in {name}</source>
        <translation>结果已保存到 {name}</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Something went wrong inside the app: {detail}</source>
        <translation>应用程序内部出错：{detail}</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>模型(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Tools</source>
        <translation>工具(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>最近打开</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
</context>
<context>
    <name>ModelInfo</name>
    <message>
        <source>Model card of {name}</source>
        <translation>{name} 的模型卡</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Anchors</source>
        <translation>锚框</translation>
    </message>
    <message>
        <source>Where it runs</source>
        <translation>运行位置</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>实测指标</translation>
    </message>
    <message>
        <source>Data set</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片数</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation>训练数据</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Decoder</source>
        <translation>解码器</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>score {score:.2f}, overlap {iou:.2f}, at most {most} boxes</source>
        <translation>置信度 {score:.2f}，重叠 {iou:.2f}，最多 {most} 个检测框</translation>
    </message>
    <message>
        <source>Made by</source>
        <translation>生成工具</translation>
    </message>
    <message>
        <source>Weights (SHA-256)</source>
        <translation>权重 (SHA-256)</translation>
    </message>
    <message>
        <source>{width} × {height} px</source>
        <translation>{width} × {height} 像素</translation>
    </message>
    <message>
        <source>, or sides from {least} to {most} in steps of {multiple}</source>
        <translation>，或边长 {least} 到 {most}，步长 {multiple}</translation>
    </message>
    <message>
        <source>any</source>
        <translation>任意</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>Fitting</source>
        <translation>缩放方式</translation>
    </message>
    <message>
        <source>stride {stride}: {anchors}</source>
        <translation>步长 {stride}：{anchors}</translation>
    </message>
    <message>
        <source>Asked for</source>
        <translation>请求的处理器</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>实际运行于</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>节点</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Input shape</source>
        <translation>输入形状</translation>
    </message>
    <message>
        <source>Largest difference</source>
        <translation>最大差异</translation>
    </message>
    <message>
        <source>Allowed</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>agrees</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>differs</source>
        <translation>不一致</translation>
    </message>
    <message>
        <source>Proof of the export</source>
        <translation>导出验证</translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>Nothing yet</source>
        <translation>暂无记录</translation>
    </message>
    <message>
        <source>Forget these</source>
        <translation>清除记录</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>{first} {second}</source>
        <translation>{first}{second}</translation>
    </message>
    <message>
        <source>{first}. {second}</source>
        <translation>{first}。{second}</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Restore defaults</source>
        <translation>恢复默认值</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
</context>
<context>
    <name>SourceStatus</name>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Reconnecting (try {number})</source>
        <translation>正在重新连接（第 {number} 次）</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Frames a second · time of the detector = its three steps · age of the picture · frames left out</source>
        <translation>每秒帧数 · 检测用时 = 三个步骤之和 · 画面延迟 · 跳过帧数</translation>
    </message>
    <message>
        <source>{fps} fps  ·  {total} ms = {prepare} prepare + {run} run + {select} select  ·  {age} ms old  ·  {count} dropped</source>
        <translation>{fps} 帧/秒  ·  {total} 毫秒 = {prepare} 预处理 + {run} 推理 + {select} 筛选  ·  延迟 {age} 毫秒  ·  跳过 {count} 帧</translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation>正在加载模型…</translation>
    </message>
    <message>
        <source>Asked for {asked}; runs on {found}.</source>
        <translation>请求 {asked}，实际运行于 {found}。</translation>
    </message>
    <message>
        <source>{provider}: {count} nodes</source>
        <translation>{provider}：{count} 个节点</translation>
    </message>
</context>
<context>
    <name>StreamDialog</name>
    <message>
        <source>For example rtsp://camera.local/stream or http://camera.local/video.mjpg</source>
        <translation>例如 rtsp://camera.local/stream 或 http://camera.local/video.mjpg</translation>
    </message>
    <message>
        <source>An address begins with rtsp://, http:// or https:// and names a host.</source>
        <translation>地址应以 rtsp://、http:// 或 https:// 开头，并包含主机名。</translation>
    </message>
    <message>
        <source>Open a stream</source>
        <translation>打开网络流</translation>
    </message>
    <message>
        <source>Address of the stream</source>
        <translation>网络流地址</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>not played yet</source>
        <translation>尚未播放</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间轴</translation>
    </message>
</context>
<context>
    <name>Toolbar</name>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Open a camera</source>
        <translation>打开摄像头</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Stream</source>
        <translation>网络流</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>正在加载…</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>No model: pictures are shown without detections</source>
        <translation>没有模型：仅显示画面，不做检测</translation>
    </message>
</context>
<context>
    <name>TransportBar</name>
    <message>
        <source>To the start</source>
        <translation>跳到开头</translation>
    </message>
    <message>
        <source>One frame back</source>
        <translation>后退一帧</translation>
    </message>
    <message>
        <source>One frame on</source>
        <translation>前进一帧</translation>
    </message>
    <message>
        <source>To the end</source>
        <translation>跳到结尾</translation>
    </message>
    <message>
        <source>Play in a loop</source>
        <translation>循环播放</translation>
    </message>
    <message>
        <source>Playback speed</source>
        <translation>播放速度</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>播放位置</translation>
    </message>
    <message>
        <source>● LIVE</source>
        <translation>● 直播</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>{action} (Space)</source>
        <translation>{action} (空格)</translation>
    </message>
</context>
<context>
    <name>VideoView</name>
    <message>
        <source>Picture</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>Wheel zooms, dragging pans, double click fits</source>
        <translation>滚轮缩放，拖动平移，双击适应窗口</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>Something failed: {detail}</source>
        <translation>操作失败：{detail}</translation>
    </message>
    <message>
        <source>Look at the log for details.</source>
        <translation>详情请查看日志。</translation>
    </message>
    <message>
        <source>{where} cannot be used as a model: {detail}</source>
        <translation>{where} 不能用作模型：{detail}</translation>
    </message>
    <message>
        <source>Choose another model file.</source>
        <translation>请选择其他模型文件。</translation>
    </message>
    <message>
        <source>There is no model {where}.</source>
        <translation>没有名为 {where} 的模型。</translation>
    </message>
    <message>
        <source>Known models: {known}. Or give the path of an .onnx file.</source>
        <translation>已知模型：{known}。也可以指定 .onnx 文件的路径。</translation>
    </message>
    <message>
        <source>{where} is not a readable ONNX file: {detail}</source>
        <translation>{where} 不是可读的 ONNX 文件：{detail}</translation>
    </message>
    <message>
        <source>Export it again with detector-export, or choose another file.</source>
        <translation>请用 detector-export 重新导出，或选择其他文件。</translation>
    </message>
    <message>
        <source>{where} does not say how its outputs are to be read (no model card; outputs: {found}).</source>
        <translation>{where} 未说明如何解读其输出（没有模型卡；输出：{found}）。</translation>
    </message>
    <message>
        <source>Put a card beside it, named {expected}, or export it with detector-export.</source>
        <translation>请在其旁边放置名为 {expected} 的模型卡，或用 detector-export 导出。</translation>
    </message>
    <message>
        <source>The model card of {where} is not valid: {field}: found {found}, expected {expected}.</source>
        <translation>{where} 的模型卡无效：{field}：实际为 {found}，应为 {expected}。</translation>
    </message>
    <message>
        <source>Export the model again with detector-export.</source>
        <translation>请用 detector-export 重新导出模型。</translation>
    </message>
    <message>
        <source>The model card of {where} has schema version {found}; this app reads version {expected}.</source>
        <translation>{where} 的模型卡格式版本为 {found}；本应用读取版本 {expected}。</translation>
    </message>
    <message>
        <source>Update the app, or export the model again with this version of detector-export.</source>
        <translation>请更新应用，或用此版本的 detector-export 重新导出模型。</translation>
    </message>
    <message>
        <source>{where} needs the decoder “{found}”, which this app does not have (it has: {expected}).</source>
        <translation>{where} 需要解码器“{found}”，本应用没有该解码器（现有：{expected}）。</translation>
    </message>
    <message>
        <source>Update the app, or choose another model.</source>
        <translation>请更新应用，或选择其他模型。</translation>
    </message>
    <message>
        <source>The graph of {where} does not fit its card: {field}: found {found}, expected {expected}.</source>
        <translation>{where} 的计算图与模型卡不符：{field}：实际为 {found}，应为 {expected}。</translation>
    </message>
    <message>
        <source>{where} was to run on {expected}, but runs on {found}.</source>
        <translation>{where} 应在 {expected} 上运行，实际运行于 {found}。</translation>
    </message>
    <message>
        <source>Install the drivers and libraries of that processor, or allow another one.</source>
        <translation>请安装该处理器的驱动程序和库，或允许使用其他处理器。</translation>
    </message>
    <message>
        <source>{where} failed while it ran: {detail}</source>
        <translation>{where} 运行时出错：{detail}</translation>
    </message>
    <message>
        <source>Try another input size or another model.</source>
        <translation>请尝试其他输入尺寸或其他模型。</translation>
    </message>
    <message>
        <source>{where} cannot be read: {detail}</source>
        <translation>无法读取 {where}：{detail}</translation>
    </message>
    <message>
        <source>Check the file or choose another input.</source>
        <translation>请检查文件，或选择其他输入。</translation>
    </message>
    <message>
        <source>There is no input {where}.</source>
        <translation>没有输入 {where}。</translation>
    </message>
    <message>
        <source>Check the path or the name.</source>
        <translation>请检查路径或名称。</translation>
    </message>
    <message>
        <source>{where} is not a video or picture that can be read: {detail}</source>
        <translation>{where} 不是可读取的视频或图片：{detail}</translation>
    </message>
    <message>
        <source>Check that the file is complete and of a usual format (mp4, mkv, avi, mov, jpg, png).</source>
        <translation>请确认文件完整且格式常见（mp4、mkv、avi、mov、jpg、png）。</translation>
    </message>
    <message>
        <source>{where} is damaged or cut off after {found} frames: {detail}</source>
        <translation>{where} 在第 {found} 帧之后损坏或被截断：{detail}</translation>
    </message>
    <message>
        <source>What came before was processed and kept. Get a complete copy of the file.</source>
        <translation>之前的内容已处理并保留。请获取完整的文件。</translation>
    </message>
    <message>
        <source>{where} is too large: {found}; at most {expected}.</source>
        <translation>{where} 过大：{found}；最大为 {expected}。</translation>
    </message>
    <message>
        <source>Scale the picture down first.</source>
        <translation>请先缩小图片。</translation>
    </message>
    <message>
        <source>{where} holds no pictures or videos.</source>
        <translation>{where} 中没有图片或视频。</translation>
    </message>
    <message>
        <source>Choose another folder or pattern.</source>
        <translation>请选择其他文件夹或通配模式。</translation>
    </message>
    <message>
        <source>The camera {where} cannot be used: {detail}</source>
        <translation>无法使用摄像头 {where}：{detail}</translation>
    </message>
    <message>
        <source>Check that it is connected and not in use by another program; known cameras: {known}.</source>
        <translation>请确认摄像头已连接且未被其他程序占用；已知摄像头：{known}。</translation>
    </message>
    <message>
        <source>The stream {where} gives no pictures: {detail}</source>
        <translation>网络流 {where} 没有画面：{detail}</translation>
    </message>
    <message>
        <source>Check the address and the network, then try again.</source>
        <translation>请检查地址和网络，然后重试。</translation>
    </message>
    <message>
        <source>it cannot be opened</source>
        <translation>无法打开</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>opening was called off</source>
        <translation>打开已取消</translation>
    </message>
    <message>
        <source>it ended before its first picture</source>
        <translation>在第一帧之前就结束了</translation>
    </message>
    <message>
        <source>it is not an ordinary file</source>
        <translation>不是普通文件</translation>
    </message>
    <message>
        <source>there is no permission to read it</source>
        <translation>没有读取权限</translation>
    </message>
    <message>
        <source>the picture is damaged, cut off, or of a kind that cannot be shown</source>
        <translation>图片已损坏、被截断，或属于无法显示的类型</translation>
    </message>
    <message>
        <source>the file is empty</source>
        <translation>文件是空的</translation>
    </message>
    <message>
        <source>its contents are not a known picture format</source>
        <translation>内容不是已知的图片格式</translation>
    </message>
    <message>
        <source>it does not exist any more</source>
        <translation>已不存在</translation>
    </message>
    <message>
        <source>no picture in it can be read</source>
        <translation>其中没有可以读取的图片</translation>
    </message>
    <message>
        <source>no frame of it can be decoded</source>
        <translation>没有任何一帧可以解码</translation>
    </message>
    <message>
        <source>a part of it cannot be decoded</source>
        <translation>其中一部分无法解码</translation>
    </message>
    <message>
        <source>it has no video stream that can be decoded</source>
        <translation>其中没有可以解码的视频流</translation>
    </message>
    <message>
        <source>its contents are not a known format, or the part that describes them is cut off</source>
        <translation>内容不是已知的格式，或者描述格式的部分已被截断</translation>
    </message>
    <message>
        <source>its scores are not finite numbers</source>
        <translation>其分数不是有限的数值</translation>
    </message>
    <message>
        <source>its scores are said to be probabilities, but are not all between 0 and 1</source>
        <translation>其分数应为概率，但并非都在 0 到 1 之间</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>这是一个文件夹</translation>
    </message>
    <message>
        <source>the model was closed</source>
        <translation>模型已关闭</translation>
    </message>
    <message>
        <source>it is damaged, a name in it is not text</source>
        <translation>文件已损坏，其中的一个名称不是文本</translation>
    </message>
    <message>
        <source>it holds no graph</source>
        <translation>其中没有计算图</translation>
    </message>
    <message>
        <source>COCO files hold boxes, and a classifier finds none</source>
        <translation>COCO 文件只保存检测框，而分类模型不产生检测框</translation>
    </message>
    <message>
        <source>this FFmpeg has no H.264 and no MPEG-4 encoder</source>
        <translation>此 FFmpeg 没有 H.264 和 MPEG-4 编码器</translation>
    </message>
    <message>
        <source>its name does not end as a video&apos;s does (.mp4, .mkv)</source>
        <translation>文件名没有视频的扩展名（.mp4、.mkv）</translation>
    </message>
    <message>
        <source>a whole file and a model are needed for that</source>
        <translation>这需要一个完整的文件和一个模型</translation>
    </message>
    <message>
        <source>{where} cannot be written: {detail}</source>
        <translation>无法写入 {where}：{detail}</translation>
    </message>
    <message>
        <source>Check the folder and its permissions, or choose another one. What was written before is kept.</source>
        <translation>请检查文件夹及其权限，或选择其他文件夹。已写入的内容会保留。</translation>
    </message>
    <message>
        <source>The disk is full: {where} could not be continued.</source>
        <translation>磁盘已满：无法继续写入 {where}。</translation>
    </message>
    <message>
        <source>Free some space. What was written before is kept and can be played.</source>
        <translation>请释放一些空间。已写入的内容会保留，并可播放。</translation>
    </message>
    <message>
        <source>The annotations {where} cannot be used: {detail}</source>
        <translation>无法使用标注 {where}：{detail}</translation>
    </message>
    <message>
        <source>Give a COCO JSON with images, annotations and categories, and the folder that holds its pictures.</source>
        <translation>请提供含有 images、annotations 和 categories 的 COCO JSON，以及存放图片的文件夹。</translation>
    </message>
    <message>
        <source>{where} cannot be {found}; it must be {expected}.</source>
        <translation>{where} 不能为 {found}；必须为 {expected}。</translation>
    </message>
    <message>
        <source>Choose an allowed value.</source>
        <translation>请选择允许的值。</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Fastest available</source>
        <translation>最快的可用处理器</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Detection</source>
        <translation>检测</translation>
    </message>
    <message>
        <source>Use the model&apos;s own thresholds</source>
        <translation>使用模型自带的阈值</translation>
    </message>
    <message>
        <source>Start with the score and overlap that the model was made with; the two values below are ignored.</source>
        <translation>以模型自带的置信度和重叠阈值开始；忽略下面两个值。</translation>
    </message>
    <message>
        <source>Least score</source>
        <translation>最低置信度</translation>
    </message>
    <message>
        <source>Detections with a lower score are not shown.</source>
        <translation>不显示置信度更低的检测框。</translation>
    </message>
    <message>
        <source>Overlap</source>
        <translation>重叠阈值 (IoU)</translation>
    </message>
    <message>
        <source>Two boxes of a class that overlap more than this (IoU) count as one object.</source>
        <translation>同类检测框的重叠 (IoU) 超过此值时视为同一目标。</translation>
    </message>
    <message>
        <source>Overlap across classes</source>
        <translation>跨类别抑制</translation>
    </message>
    <message>
        <source>Boxes of different classes suppress each other, too.</source>
        <translation>不同类别的检测框也相互抑制。</translation>
    </message>
    <message>
        <source>Most detections</source>
        <translation>最多检测框数</translation>
    </message>
    <message>
        <source>At most so many boxes are kept in a frame, best first.</source>
        <translation>每帧最多保留的检测框数，置信度高者优先。</translation>
    </message>
    <message>
        <source>Most candidates</source>
        <translation>最多候选框数</translation>
    </message>
    <message>
        <source>At most so many candidates are compared with each other, best first.</source>
        <translation>最多相互比较的候选框数，置信度高者优先。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Name or file of the model that is loaded at the start; empty for the embedded one.</source>
        <translation>启动时加载的模型名称或文件；留空则使用内置模型。</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>Where the network runs; “auto” takes the fastest that is there.</source>
        <translation>网络在何处运行；“auto”选择可用的最快处理器。</translation>
    </message>
    <message>
        <source>Refuse another processor</source>
        <translation>拒绝其他处理器</translation>
    </message>
    <message>
        <source>Fail instead of running on a slower processor than the one asked for.</source>
        <translation>如果无法使用所请求的处理器，则报错而不改用较慢的处理器。</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程数</translation>
    </message>
    <message>
        <source>Threads of the network on the CPU; 0 chooses by the machine.</source>
        <translation>网络在 CPU 上使用的线程数；0 表示自动选择。</translation>
    </message>
    <message>
        <source>Playback</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Playback speed of files; 1 is the file&apos;s own.</source>
        <translation>文件的播放速度；1 为原速。</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>循环播放</translation>
    </message>
    <message>
        <source>Start again at the end of a file.</source>
        <translation>播放到文件末尾后从头开始。</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>输入源</translation>
    </message>
    <message>
        <source>Recent inputs</source>
        <translation>最近输入</translation>
    </message>
    <message>
        <source>How many recent files and addresses are remembered.</source>
        <translation>记住多少个最近的文件和地址。</translation>
    </message>
    <message>
        <source>Time limit</source>
        <translation>时限</translation>
    </message>
    <message>
        <source>A camera or stream that gives no picture within this time is given up.</source>
        <translation>摄像头或网络流在此时间内没有画面则放弃打开。</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Name of the camera that is opened first; empty for the first one found.</source>
        <translation>首先打开的摄像头名称；留空则使用找到的第一个。</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Language of the window.</source>
        <translation>窗口的语言。</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Light or dark; “system” follows the desktop.</source>
        <translation>浅色或深色；“跟随系统”则与桌面一致。</translation>
    </message>
</context>
</TS>
