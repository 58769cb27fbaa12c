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
        <source>Faces</source>
        <translation>人脸</translation>
    </message>
    <message>
        <source>Ground truth</source>
        <translation>标注</translation>
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
        <source>Get models…</source>
        <translation>获取模型…</translation>
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
        <source>How this model is read</source>
        <translation>模型的解读方式</translation>
    </message>
    <message>
        <source>Compare with another model…</source>
        <translation>与另一个模型比较…</translation>
    </message>
    <message>
        <source>Another model file…</source>
        <translation>其他模型文件…</translation>
    </message>
    <message>
        <source>Beside each other, not wiped</source>
        <translation>并排显示，不用滑动分界</translation>
    </message>
    <message>
        <source>Move the wipe to the left</source>
        <translation>分界线左移</translation>
    </message>
    <message>
        <source>Move the wipe to the right</source>
        <translation>分界线右移</translation>
    </message>
    <message>
        <source>Agreement of two models</source>
        <translation>两个模型的一致性</translation>
    </message>
    <message>
        <source>Stop comparing</source>
        <translation>停止比较</translation>
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
        <source>Copy as command…</source>
        <translation>复制为命令…</translation>
    </message>
    <message>
        <source>Export model…</source>
        <translation>导出模型…</translation>
    </message>
    <message>
        <source>Analyse all frames</source>
        <translation>分析所有帧</translation>
    </message>
    <message>
        <source>Previous event</source>
        <translation>上一个事件</translation>
    </message>
    <message>
        <source>Next event</source>
        <translation>下一个事件</translation>
    </message>
    <message>
        <source>Find faces, too</source>
        <translation>同时查找人脸</translation>
    </message>
    <message>
        <source>Name the faces</source>
        <translation>标出人脸姓名</translation>
    </message>
    <message>
        <source>Blur strangers</source>
        <translation>模糊陌生人</translation>
    </message>
    <message>
        <source>Enrol a face…</source>
        <translation>录入人脸…</translation>
    </message>
    <message>
        <source>People…</source>
        <translation>人员…</translation>
    </message>
    <message>
        <source>Compare two pictures…</source>
        <translation>比较两张图片…</translation>
    </message>
    <message>
        <source>Search for a person…</source>
        <translation>搜索人员…</translation>
    </message>
    <message>
        <source>Load ground truth…</source>
        <translation>加载标注…</translation>
    </message>
    <message>
        <source>Forget the ground truth</source>
        <translation>移除标注</translation>
    </message>
    <message>
        <source>Right and wrong in colour</source>
        <translation>用颜色标出对错</translation>
    </message>
    <message>
        <source>Compare with ground truth</source>
        <translation>与标注对比</translation>
    </message>
    <message>
        <source>Next error</source>
        <translation>下一处错误</translation>
    </message>
    <message>
        <source>Previous error</source>
        <translation>上一处错误</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>检视</translation>
    </message>
    <message>
        <source>Inside the network</source>
        <translation>网络内部</translation>
    </message>
    <message>
        <source>Stage before, in the inspector</source>
        <translation>检视：上一阶段</translation>
    </message>
    <message>
        <source>Next stage, in the inspector</source>
        <translation>检视：下一阶段</translation>
    </message>
    <message>
        <source>Follow things</source>
        <translation>跟踪物体</translation>
    </message>
    <message>
        <source>Tracking, lines and zones</source>
        <translation>跟踪、计数线与区域</translation>
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
        <source>Help contents</source>
        <translation>帮助目录</translation>
    </message>
    <message>
        <source>Take the tour</source>
        <translation>界面导览</translation>
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
    <name>Aim</name>
    <message>
        <source>Nowhere yet</source>
        <translation>尚未指定</translation>
    </message>
    <message>
        <source>Point asked about: {where}</source>
        <translation>询问的位置：{where}</translation>
    </message>
    <message>
        <source>Arrow keys move the cross, Shift in larger steps; Delete takes it away</source>
        <translation>方向键移动十字，按住 Shift 步幅更大；Delete 移除十字</translation>
    </message>
</context>
<context>
    <name>AnalysisBar</name>
    <message>
        <source>Analysing {name}</source>
        <translation>正在分析 {name}</translation>
    </message>
</context>
<context>
    <name>AnswerRow</name>
    <message>
        <source>Show it</source>
        <translation>显示它</translation>
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
    <name>BoxTable</name>
    <message>
        <source>agrees</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>differs</source>
        <translation>不一致</translation>
    </message>
    <message>
        <source>Seen and asked for</source>
        <translation>图片与要求</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Boxes</source>
        <translation>边框</translation>
    </message>
    <message>
        <source>Sides, px</source>
        <translation>边 (px)</translation>
    </message>
    <message>
        <source>Scores</source>
        <translation>分数</translation>
    </message>
    <message>
        <source>Borderline</source>
        <translation>临界</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Boxes that both find</source>
        <translation>双方找到的边框</translation>
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
    <name>CandidateModel</name>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>置信度</translation>
    </message>
    <message>
        <source>Object.</source>
        <translation>目标性</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Fate</source>
        <translation>结局</translation>
    </message>
</context>
<context>
    <name>Cascade</name>
    <message>
        <source>Faces</source>
        <translation>人脸</translation>
    </message>
    <message>
        <source>Smallest</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>Pyramid</source>
        <translation>金字塔</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Least score of a face in the last network, O-Net</source>
        <translation>最后一个网络 O-Net 的最低人脸置信度</translation>
    </message>
    <message>
        <source>Side of the smallest face that is looked for, in pixels; a larger one is much faster</source>
        <translation>要查找的最小人脸边长（像素）；越大越快</translation>
    </message>
    <message>
        <source>Each level of the pyramid has this part of the sides of the one before</source>
        <translation>金字塔每一层的边长是上一层的这一比例</translation>
    </message>
    <message>
        <source>The first network proposes places with this score or more</source>
        <translation>第一个网络提出置信度不低于此值的候选位置</translation>
    </message>
    <message>
        <source>The second network lets places with this score or more through</source>
        <translation>第二个网络保留置信度不低于此值的候选位置</translation>
    </message>
    <message>
        <source>In a video only each such frame is searched; between them the known faces are followed</source>
        <translation>视频中每隔这么多帧搜索一次；其间跟踪已知人脸</translation>
    </message>
</context>
<context>
    <name>CascadeControls</name>
    <message>
        <source>How faces are searched</source>
        <translation>人脸搜索方式</translation>
    </message>
    <message>
        <source>Double-click for the model&apos;s own value, {value}</source>
        <translation>双击恢复模型默认值 {value}</translation>
    </message>
</context>
<context>
    <name>ChoiceEditor</name>
    <message>
        <source>Choose…</source>
        <translation>请选择…</translation>
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
    <name>ClassesEditor</name>
    <message>
        <source>Names from a text file…</source>
        <translation>从文本文件读取名称…</translation>
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
    <name>CommandDesk</name>
    <message>
        <source>The command is on the clipboard.</source>
        <translation>命令已复制到剪贴板。</translation>
    </message>
</context>
<context>
    <name>CommandDialog</name>
    <message>
        <source>Copy as command</source>
        <translation>复制为命令</translation>
    </message>
    <message>
        <source>This command gives the results that you see, without a window, for the whole input:</source>
        <translation>此命令无需窗口，对整个输入给出与当前所见相同的结果：</translation>
    </message>
    <message>
        <source>It writes into the folder “detections” where it is run; --out and --save choose another folder and kinds.</source>
        <translation>结果写入运行目录下的 “detections” 文件夹；用 --out 和 --save 可选择其他文件夹和文件类型。</translation>
    </message>
    <message>
        <source>Shell</source>
        <translation>命令行环境</translation>
    </message>
    <message>
        <source>Linux, macOS</source>
        <translation>Linux、macOS</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>Windows</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>CommandGaps</name>
    <message>
        <source>A camera or stream shows other pictures when the command runs; every setting is the same.</source>
        <translation>命令运行时，摄像头或流的画面与现在不同；各项设置相同。</translation>
    </message>
    <message>
        <source>The password in the address is left out, because the line may be passed on. Put it in again.</source>
        <translation>地址中的密码已略去，因为命令可能会转给他人。请自行补上。</translation>
    </message>
    <message>
        <source>How this model is read was corrected here. Save that first, in “How this model is read”; the command reads the saved file.</source>
        <translation>此模型的解读方式已在这里修正。请先在“模型的解读方式”中保存；命令读取的是保存后的文件。</translation>
    </message>
    <message>
        <source>Where strangers are blurred, the command writes every class and every detection; what is hidden here is in its results.</source>
        <translation>模糊陌生人时，命令会写出所有类别和所有检测结果；这里隐藏的也会出现在其中。</translation>
    </message>
</context>
<context>
    <name>CompareDialog</name>
    <message>
        <source>picture {number}</source>
        <translation>图片 {number}</translation>
    </message>
    <message>
        <source>Pictures ({patterns})</source>
        <translation>图片 ({patterns})</translation>
    </message>
    <message>
        <source>Picture to compare</source>
        <translation>要比较的图片</translation>
    </message>
    <message>
        <source>Compare two faces</source>
        <translation>比较两张人脸</translation>
    </message>
    <message>
        <source>Of several faces take the largest</source>
        <translation>有多张人脸时取最大的一张</translation>
    </message>
    <message>
        <source>Take this picture away</source>
        <translation>移除这张图片</translation>
    </message>
</context>
<context>
    <name>ComparisonPanel</name>
    <message>
        <source>Choose a second model. Both look at the same frames, and you see where they differ.</source>
        <translation>请选择第二个模型。两个模型看同样的帧，您可以看到它们在哪里不同。</translation>
    </message>
    <message>
        <source>B has the thresholds of A</source>
        <translation>B 使用 A 的阈值</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>置信度</translation>
    </message>
    <message>
        <source>Least score of the second model</source>
        <translation>第二个模型的最低置信度</translation>
    </message>
    <message>
        <source>Overlap</source>
        <translation>重叠 (IoU)</translation>
    </message>
    <message>
        <source>Boxes of a class that overlap more are one object</source>
        <translation>同类的框重叠超过此值时视为同一个物体</translation>
    </message>
    <message>
        <source>This picture</source>
        <translation>此画面</translation>
    </message>
    <message>
        <source>What is counted</source>
        <translation>统计范围</translation>
    </message>
    <message>
        <source>Another model…</source>
        <translation>其他模型…</translation>
    </message>
    <message>
        <source>Choose a model…</source>
        <translation>选择模型…</translation>
    </message>
    <message>
        <source>Compare all frames</source>
        <translation>比较所有帧</translation>
    </message>
    <message>
        <source>Run both models over the whole video, in the background</source>
        <translation>在后台用两个模型运行整个视频</translation>
    </message>
    <message>
        <source>All frames seen ({count})</source>
        <translation>所有看过的帧（{count}）</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>两者</translation>
    </message>
    <message>
        <source>Only A</source>
        <translation>仅 A</translation>
    </message>
    <message>
        <source>Only B</source>
        <translation>仅 B</translation>
    </message>
    <message>
        <source>Agree</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>Agreement by class</source>
        <translation>各类别的一致性</translation>
    </message>
    <message>
        <source>Together</source>
        <translation>合计</translation>
    </message>
    <message>
        <source>Only one knows these classes: {classes}</source>
        <translation>只有一个模型认识这些类别：{classes}</translation>
    </message>
</context>
<context>
    <name>ComparisonView</name>
    <message>
        <source>Take the largest face</source>
        <translation>取最大的人脸</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>正在比较…</translation>
    </message>
    <message>
        <source>Two pictures, each with a face: are they of one person?</source>
        <translation>两张图片各有一张人脸：是同一个人吗？</translation>
    </message>
    <message>
        <source>Same person</source>
        <translation>同一人</translation>
    </message>
    <message>
        <source>Different people</source>
        <translation>不是同一人</translation>
    </message>
    <message>
        <source>Distance {distance}, threshold {threshold}</source>
        <translation>距离 {distance}，阈值 {threshold}</translation>
    </message>
</context>
<context>
    <name>Copies</name>
    <message>
        <source>The trace is on the clipboard as JSON.</source>
        <translation>追踪记录已作为 JSON 复制到剪贴板。</translation>
    </message>
    <message>
        <source>The picture is on the clipboard.</source>
        <translation>画面已复制到剪贴板。</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>The picture is saved: {name}</source>
        <translation>画面已保存：{name}</translation>
    </message>
</context>
<context>
    <name>CountsTree</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>In</source>
        <translation>进</translation>
    </message>
    <message>
        <source>Out</source>
        <translation>出</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>现有</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>停留</translation>
    </message>
    <message>
        <source>Came in: over a line in the arrow&apos;s direction, or into a zone</source>
        <translation>进入：沿箭头方向越过计数线，或进入区域</translation>
    </message>
    <message>
        <source>Went out</source>
        <translation>离开</translation>
    </message>
    <message>
        <source>Inside a zone now</source>
        <translation>当前在区域内</translation>
    </message>
    <message>
        <source>Mean time of a stay in a zone</source>
        <translation>在区域内停留的平均时间</translation>
    </message>
    <message>
        <source>Lines and zones</source>
        <translation>计数线和区域</translation>
    </message>
</context>
<context>
    <name>CurvePage</name>
    <message>
        <source>All classes together</source>
        <translation>全部类别合计</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>召回率</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精确率</translation>
    </message>
    <message>
        <source>Click to choose the score that leads there</source>
        <translation>点击曲线，采用对应的置信度</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>采用</translation>
    </message>
    <message>
        <source>Nothing is evaluated yet. The curve grows with every annotated picture that is shown.</source>
        <translation>尚未评估。每显示一张有标注的图片，曲线就会增长。</translation>
    </message>
    <message>
        <source>● {score}: precision {precision} · recall {recall} · F1 {f1}</source>
        <translation>● {score}：精确率 {precision} · 召回率 {recall} · F1 {f1}</translation>
    </message>
    <message>
        <source>◆ Best F1 {f1} at {score}</source>
        <translation>◆ 最佳 F1 {f1}，置信度 {score}</translation>
    </message>
    <message>
        <source>mAP50–95 {map}</source>
        <translation>mAP50–95 {map}</translation>
    </message>
    <message>
        <source>AP {ap} at IoU {iou}, objects {count}</source>
        <translation>IoU {iou} 时 AP {ap}，目标 {count} 个</translation>
    </message>
    <message>
        <source>Pictures so far: {count}, scores from {score} up</source>
        <translation>目前图片：{count}，置信度不低于 {score}</translation>
    </message>
    <message>
        <source>Pictures so far: {count}</source>
        <translation>目前图片：{count}</translation>
    </message>
    <message>
        <source>mAP {map} at IoU {iou}</source>
        <translation>IoU {iou} 时 mAP {map}</translation>
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
    <message>
        <source>Id</source>
        <translation>编号</translation>
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
    <name>DockTitle</name>
    <message>
        <source>Take the panel out, or put it back</source>
        <translation>将面板取出或放回</translation>
    </message>
    <message>
        <source>Close the panel</source>
        <translation>关闭面板</translation>
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
    <name>EnrolCard</name>
    <message>
        <source>Enrol a face</source>
        <translation>录入人脸</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭 (Esc)</translation>
    </message>
    <message>
        <source>It stays on this machine.</source>
        <translation>数据只保存在本机。</translation>
    </message>
    <message>
        <source>{name}, {distance} apart</source>
        <translation>{name}，距离 {distance}</translation>
    </message>
    <message>
        <source>Add picture</source>
        <translation>添加图片</translation>
    </message>
    <message>
        <source>Who is this?</source>
        <translation>这是谁？</translation>
    </message>
    <message>
        <source>Enrol</source>
        <translation>录入</translation>
    </message>
</context>
<context>
    <name>EnrolStrip</name>
    <message>
        <source>Everybody in “{folder}”</source>
        <translation>“{folder}”中的所有人</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Pictures: {count}. Who is it?</source>
        <translation>{count} 张图片。这是谁？</translation>
    </message>
    <message>
        <source>Enrol</source>
        <translation>录入</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Of several faces take the largest</source>
        <translation>有多张人脸时取最大的一张</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>EntryPage</name>
    <message>
        <source>Converted on this machine from {files}; needs the train extra</source>
        <translation>在本机由 {files} 转换而成；需要 train 附加组件</translation>
    </message>
    <message>
        <source>Finds</source>
        <translation>检测内容</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Published</source>
        <translation>公布的指标</translation>
    </message>
    <message>
        <source>Made of</source>
        <translation>制作方式</translation>
    </message>
    <message>
        <source>Not checked</source>
        <translation>未核对</translation>
    </message>
    <message>
        <source>Continue ({size} to go)</source>
        <translation>继续（还剩 {size}）</translation>
    </message>
    <message>
        <source>Get ({size})</source>
        <translation>获取（{size}）</translation>
    </message>
    <message>
        <source>Every byte is as it should be.</source>
        <translation>每个字节都正确。</translation>
    </message>
    <message>
        <source>It is in {folder}</source>
        <translation>位于 {folder}</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Run this model in the main window</source>
        <translation>在主窗口中运行此模型</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>校验</translation>
    </message>
    <message>
        <source>Compare every byte with what its source says</source>
        <translation>将每个字节与来源公布的内容对比</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Delete its files from this machine</source>
        <translation>从本机删除它的文件</translation>
    </message>
    <message>
        <source>Download it from its source, and check every byte</source>
        <translation>从来源下载，并校验每个字节</translation>
    </message>
</context>
<context>
    <name>ErrorWalk</name>
    <message>
        <source>No further error that way.</source>
        <translation>这个方向没有更多错误了。</translation>
    </message>
    <message>
        <source>No errors are known yet.</source>
        <translation>尚不知道有哪些错误。</translation>
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
    <name>ExportFailures</name>
    <message>
        <source>Exporting needs the package {detail}, which is not installed. Install what it takes with:</source>
        <translation>导出需要软件包 {detail}，但尚未安装。请用以下命令安装所需内容：</translation>
    </message>
    <message>
        <source>The exporter cannot be started: {detail}</source>
        <translation>无法启动导出程序：{detail}</translation>
    </message>
    <message>
        <source>The exporter was ended from outside before it was done, perhaps because memory ran out. Nothing was written.</source>
        <translation>导出程序在完成之前被外部终止，可能是内存不足。没有写入任何内容。</translation>
    </message>
    <message>
        <source>The exporter ended without a result and did not say why. Nothing was written.</source>
        <translation>导出程序没有给出结果就结束了，也没有说明原因。没有写入任何内容。</translation>
    </message>
</context>
<context>
    <name>ExportFields</name>
    <message>
        <source>Still needed: {label}</source>
        <translation>还需要：{label}</translation>
    </message>
    <message>
        <source>{label}: there is no such file</source>
        <translation>{label}：没有这个文件</translation>
    </message>
    <message>
        <source>{label}: there is no such folder</source>
        <translation>{label}：没有这个文件夹</translation>
    </message>
    <message>
        <source>{label}: the name should end in {suffixes}</source>
        <translation>{label}：文件名应以 {suffixes} 结尾</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>可不填</translation>
    </message>
    <message>
        <source>as the files say</source>
        <translation>按文件中的说明</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
</context>
<context>
    <name>ExportForm</name>
    <message>
        <source>Kind of model</source>
        <translation>模型种类</translation>
    </message>
    <message>
        <source>Write to</source>
        <translation>写入到</translation>
    </message>
    <message>
        <source>More options</source>
        <translation>更多选项</translation>
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
        <source>Counts of lines and zones (.csv)</source>
        <translation>计数线与区域的计数（.csv）</translation>
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
    <name>ExportModelDialog</name>
    <message>
        <source>The export was cancelled. Nothing was written.</source>
        <translation>导出已取消。没有写入任何内容。</translation>
    </message>
    <message>
        <source>Export a model</source>
        <translation>导出模型</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Trace the network, compare it with PyTorch, and write the file</source>
        <translation>追踪网络，与 PyTorch 对比，然后写入文件</translation>
    </message>
</context>
<context>
    <name>ExportWords</name>
    <message>
        <source>YOLO with anchors, trained here</source>
        <translation>带锚框的 YOLO（本软件训练）</translation>
    </message>
    <message>
        <source>Finds objects. The file that “detector-train detect --model yolo” wrote.</source>
        <translation>检测物体。由“detector-train detect --model yolo”写出的文件。</translation>
    </message>
    <message>
        <source>YOLO, the first version, trained here</source>
        <translation>第一版 YOLO（本软件训练）</translation>
    </message>
    <message>
        <source>Finds objects on a grid. The file that “detector-train detect” wrote.</source>
        <translation>按网格检测物体。由“detector-train detect”写出的文件。</translation>
    </message>
    <message>
        <source>Faster R-CNN, trained here</source>
        <translation>Faster R-CNN（本软件训练）</translation>
    </message>
    <message>
        <source>Finds objects; proposes the places itself.</source>
        <translation>检测物体；自行提出候选区域。</translation>
    </message>
    <message>
        <source>Fast R-CNN, trained here</source>
        <translation>Fast R-CNN（本软件训练）</translation>
    </message>
    <message>
        <source>Finds objects in places that selective search proposes.</source>
        <translation>在选择性搜索提出的候选区域中检测物体。</translation>
    </message>
    <message>
        <source>R-CNN, trained here</source>
        <translation>R-CNN（本软件训练）</translation>
    </message>
    <message>
        <source>Looks at each place that selective search proposes by itself.</source>
        <translation>逐个查看选择性搜索提出的候选区域。</translation>
    </message>
    <message>
        <source>Faster R-CNN of torchvision</source>
        <translation>torchvision 的 Faster R-CNN</translation>
    </message>
    <message>
        <source>Finds objects. A checkpoint of fasterrcnn_resnet50_fpn.</source>
        <translation>检测物体。fasterrcnn_resnet50_fpn 的检查点。</translation>
    </message>
    <message>
        <source>Classifier</source>
        <translation>分类器</translation>
    </message>
    <message>
        <source>Says what a picture shows. Trained here, or a torchvision checkpoint.</source>
        <translation>判断图片的内容。本软件训练的文件，或 torchvision 的检查点。</translation>
    </message>
    <message>
        <source>MTCNN, the face detector</source>
        <translation>MTCNN 人脸检测器</translation>
    </message>
    <message>
        <source>Three networks that find faces and their landmarks, written into a folder.</source>
        <translation>三个网络，检测人脸及其关键点，写入一个文件夹。</translation>
    </message>
    <message>
        <source>Face embedder, trained here</source>
        <translation>人脸嵌入网络（本软件训练）</translation>
    </message>
    <message>
        <source>Tells faces apart. The file that “detector-train faces” wrote.</source>
        <translation>区分不同的人脸。由“detector-train faces”写出的文件。</translation>
    </message>
    <message>
        <source>Darknet: YOLOv2, v3 or v4</source>
        <translation>Darknet：YOLOv2、v3 或 v4</translation>
    </message>
    <message>
        <source>Finds objects. The .cfg, .weights and .names files of the original program.</source>
        <translation>检测物体。原程序的 .cfg、.weights 和 .names 文件。</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>The trained network</source>
        <translation>训练好的网络</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>The .cfg file with its layers</source>
        <translation>描述各层的 .cfg 文件</translation>
    </message>
    <message>
        <source>Class names</source>
        <translation>类别名称</translation>
    </message>
    <message>
        <source>A text file, one name a line</source>
        <translation>文本文件，每行一个名称</translation>
    </message>
    <message>
        <source>Fitting</source>
        <translation>适配方式</translation>
    </message>
    <message>
        <source>How pictures are brought to the size of the input</source>
        <translation>如何把图片调整到输入尺寸</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>网络结构</translation>
    </message>
    <message>
        <source>For weights from elsewhere: the network they belong to, such as resnet18</source>
        <translation>用于外来权重：所属的网络，例如 resnet18</translation>
    </message>
    <message>
        <source>Input size</source>
        <translation>输入尺寸</translation>
    </message>
    <message>
        <source>Height and width in pixels, such as 224,224</source>
        <translation>高和宽（像素），例如 224,224</translation>
    </message>
    <message>
        <source>Options</source>
        <translation>选项</translation>
    </message>
    <message>
        <source>Of the architecture, as NAME=VALUE, with spaces between several</source>
        <translation>网络结构的选项，写作 名称=值，多个之间用空格分开</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Of the weights; it is written into the model card</source>
        <translation>权重的许可证，会写入模型卡</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>What the model card calls it; by default the name of the file</source>
        <translation>模型卡中的名称，默认为文件名</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>How many pictures the graph takes at once: any number, or one</source>
        <translation>计算图一次接受多少张图片：任意张，或一张</translation>
    </message>
    <message>
        <source>Half precision (FP16)</source>
        <translation>半精度 (FP16)</translation>
    </message>
    <message>
        <source>Half the size, and faster on a GPU; norms and boxes stay in single precision</source>
        <translation>大小减半，在 GPU 上更快；归一化和边框仍用单精度</translation>
    </message>
    <message>
        <source>Whole numbers (INT8)</source>
        <translation>整数 (INT8)</translation>
    </message>
    <message>
        <source>A quarter of the size; needs pictures to calibrate with</source>
        <translation>大小为四分之一；需要用于校准的图片</translation>
    </message>
    <message>
        <source>Calibration pictures</source>
        <translation>校准图片</translation>
    </message>
    <message>
        <source>For INT8: a folder of pictures like those that the model will see</source>
        <translation>用于 INT8：一个文件夹，其中的图片与模型将要处理的相似</translation>
    </message>
    <message>
        <source>Test pictures</source>
        <translation>测试图片</translation>
    </message>
    <message>
        <source>For FP16 and INT8: what the smaller model is judged on</source>
        <translation>用于 FP16 和 INT8：用来评判缩小后的模型</translation>
    </message>
    <message>
        <source>Test annotations</source>
        <translation>测试标注</translation>
    </message>
    <message>
        <source>For FP16 and INT8: a COCO file that says what is in the test pictures</source>
        <translation>用于 FP16 和 INT8：说明测试图片内容的 COCO 文件</translation>
    </message>
    <message>
        <source>Largest loss</source>
        <translation>允许的最大损失</translation>
    </message>
    <message>
        <source>For FP16 and INT8: how much mAP50 or accuracy may be lost, 0 to 1</source>
        <translation>用于 FP16 和 INT8：mAP50 或准确率最多可以损失多少，0 到 1</translation>
    </message>
    <message>
        <source>Select boxes inside the graph</source>
        <translation>在计算图内筛选边框</translation>
    </message>
    <message>
        <source>Thresholds become inputs; for programs that cannot select boxes themselves</source>
        <translation>阈值成为输入；用于自己不能筛选边框的程序</translation>
    </message>
    <message>
        <source>No picture of the proof</source>
        <translation>不要证明图</translation>
    </message>
    <message>
        <source>Leave out the picture that is written beside the file</source>
        <translation>不在文件旁边写出图片</translation>
    </message>
    <message>
        <source>Take raw frames</source>
        <translation>接受原始帧</translation>
    </message>
    <message>
        <source>The graph takes pictures as a camera gives them: bytes, rows by columns</source>
        <translation>计算图直接接受相机给出的图片：按行列排列的字节</translation>
    </message>
    <message>
        <source>keep the proportions (letterbox)</source>
        <translation>保持比例（加边）</translation>
    </message>
    <message>
        <source>stretch</source>
        <translation>拉伸</translation>
    </message>
    <message>
        <source>any number</source>
        <translation>任意</translation>
    </message>
    <message>
        <source>one</source>
        <translation>一张</translation>
    </message>
    <message>
        <source>Reading the weights</source>
        <translation>正在读取权重</translation>
    </message>
    <message>
        <source>Tracing the network</source>
        <translation>正在追踪网络</translation>
    </message>
    <message>
        <source>Comparing ONNX Runtime with PyTorch</source>
        <translation>正在对比 ONNX Runtime 与 PyTorch</translation>
    </message>
    <message>
        <source>Writing the file</source>
        <translation>正在写入文件</translation>
    </message>
</context>
<context>
    <name>FaceDesk</name>
    <message>
        <source>Click the face that is to be enrolled.</source>
        <translation>请单击要录入的人脸。</translation>
    </message>
    <message>
        <source>Stop blurring</source>
        <translation>停止模糊</translation>
    </message>
    <message>
        <source>A blurred face cannot be enrolled.</source>
        <translation>模糊的人脸无法录入。</translation>
    </message>
    <message>
        <source>{name} is enrolled. Pictures so far: {count}.</source>
        <translation>已录入 {name}，现有图片 {count} 张。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>This model finds no faces: the whole picture is blurred.</source>
        <translation>此模型不检测人脸：整个画面已模糊。</translation>
    </message>
</context>
<context>
    <name>FittingEditor</name>
    <message>
        <source>Bars, 0 to 255</source>
        <translation>边条亮度（0–255）</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>请选择…</translation>
    </message>
</context>
<context>
    <name>Gallery</name>
    <message>
        <source>Objects</source>
        <translation>物体</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>人脸</translation>
    </message>
    <message>
        <source>Whole pictures</source>
        <translation>整张图片</translation>
    </message>
    <message>
        <source>Telling faces apart</source>
        <translation>区分人脸</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>正在下载</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>正在校验</translation>
    </message>
    <message>
        <source>Converting; this takes a minute</source>
        <translation>正在转换，大约需要一分钟</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>Checking every byte</source>
        <translation>正在校验每个字节</translation>
    </message>
    <message>
        <source>Removing</source>
        <translation>正在移除</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>在本机</translation>
    </message>
    <message>
        <source>Begun</source>
        <translation>已开始</translation>
    </message>
    <message>
        <source>the address</source>
        <translation>下载地址</translation>
    </message>
    <message>
        <source>the licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>the licence: the page&apos;s text says MIT, its header Apache-2.0</source>
        <translation>许可证：页面正文写的是 MIT，页首写的是 Apache-2.0</translation>
    </message>
    <message>
        <source>the card: made from the published description, never run on the file</source>
        <translation>模型卡：依据公开说明编写，从未用该文件运行过</translation>
    </message>
    <message>
        <source>how it is read: by the published description, never run on the file</source>
        <translation>读取方式：依据公开说明，从未用该文件运行过</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>剩余 {time}</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
</context>
<context>
    <name>GalleryDialog</name>
    <message>
        <source>Reading the list of models…</source>
        <translation>正在读取模型列表…</translation>
    </message>
    <message>
        <source>The list of models cannot be read: {detail}</source>
        <translation>无法读取模型列表：{detail}</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>所有模型</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>在本机</translation>
    </message>
    <message>
        <source>Remove a model</source>
        <translation>移除模型</translation>
    </message>
    <message>
        <source>Remove {name} from this machine?</source>
        <translation>从本机移除 {name}？</translation>
    </message>
    <message>
        <source>Its files and its card are deleted. It can be downloaded again.</source>
        <translation>它的文件和模型卡将被删除。以后可以重新下载。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Get models</source>
        <translation>获取模型</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search the models</source>
        <translation>搜索模型</translation>
    </message>
    <message>
        <source>Which models are shown</source>
        <translation>显示哪些模型</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>No model fits. Try other words, or show all models.</source>
        <translation>没有符合的模型。请换个词，或显示所有模型。</translation>
    </message>
    <message>
        <source>Models are kept in {folder}</source>
        <translation>模型保存在 {folder}</translation>
    </message>
</context>
<context>
    <name>GroundTruth</name>
    <message>
        <source>Right</source>
        <translation>正确</translation>
    </message>
    <message>
        <source>Wrong</source>
        <translation>误检</translation>
    </message>
    <message>
        <source>Missed</source>
        <translation>漏检</translation>
    </message>
    <message>
        <source>Not counted</source>
        <translation>不计</translation>
    </message>
    <message>
        <source>no box comes near it</source>
        <translation>附近没有任何框</translation>
    </message>
    <message>
        <source>below the least score</source>
        <translation>低于最低置信度</translation>
    </message>
    <message>
        <source>it overlaps too little</source>
        <translation>重叠不足</translation>
    </message>
    <message>
        <source>another class</source>
        <translation>类别不同</translation>
    </message>
    <message>
        <source>it belongs to another object</source>
        <translation>它属于另一个目标</translation>
    </message>
    <message>
        <source>suppressed by a better box</source>
        <translation>被更好的框抑制</translation>
    </message>
    <message>
        <source>too many better ones</source>
        <translation>更好的框太多</translation>
    </message>
    <message>
        <source>Right: {box}, IoU {iou} with the marked object</source>
        <translation>正确：{box}，与标注目标的 IoU 为 {iou}</translation>
    </message>
    <message>
        <source>Wrong: {box}, no marked object fits it</source>
        <translation>误检：{box}，没有与之相符的标注目标</translation>
    </message>
    <message>
        <source>missed: {name}</source>
        <translation>漏检：{name}</translation>
    </message>
    <message>
        <source>Missed {name}: {reason}</source>
        <translation>漏检 {name}：{reason}</translation>
    </message>
    <message>
        <source>Missed {name} — best box: {best} {score}, IoU {iou}: {reason}</source>
        <translation>漏检 {name} — 最接近的框：{best} {score}，IoU {iou}：{reason}</translation>
    </message>
    <message>
        <source>{name}: does not count</source>
        <translation>{name}：不计入</translation>
    </message>
    <message>
        <source>{kind} · pictures: {pictures} · boxes: {boxes}</source>
        <translation>{kind} · 图片：{pictures} · 框：{boxes}</translation>
    </message>
    <message>
        <source>No model is loaded.</source>
        <translation>尚未加载模型。</translation>
    </message>
    <message>
        <source>None of its classes is the model&apos;s: {names}</source>
        <translation>其类别都不在模型中：{names}</translation>
    </message>
    <message>
        <source>Not judged, the model does not have: {names}</source>
        <translation>不评判，模型中没有：{names}</translation>
    </message>
    <message>
        <source>Judged: {names}</source>
        <translation>评判的类别：{names}</translation>
    </message>
    <message>
        <source>Left out, because it cannot be read: {what}</source>
        <translation>无法读取而略过：{what}</translation>
    </message>
</context>
<context>
    <name>GroundTruthDesk</name>
    <message>
        <source>Evaluate all</source>
        <translation>全部评估</translation>
    </message>
    <message>
        <source>Load a detector first: there is nothing to evaluate.</source>
        <translation>请先加载检测模型：现在没有可评估的内容。</translation>
    </message>
    <message>
        <source>Open the annotated pictures or video first.</source>
        <translation>请先打开有标注的图片或视频。</translation>
    </message>
    <message>
        <source>{name} has no boxes.</source>
        <translation>{name} 中没有任何框。</translation>
    </message>
    <message>
        <source>The ground truth is loaded. Its pictures are in {folder}.</source>
        <translation>标注已加载，其图片在 {folder} 中。</translation>
    </message>
    <message>
        <source>Open its pictures</source>
        <translation>打开这些图片</translation>
    </message>
    <message>
        <source>This picture is not annotated.</source>
        <translation>这张图片没有标注。</translation>
    </message>
    <message>
        <source>The boxes were marked in a picture of another size.</source>
        <translation>这些框是在另一尺寸的图片上标注的。</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>None of the input&apos;s pictures is in the ground truth.</source>
        <translation>输入的图片都不在标注中。</translation>
    </message>
    <message>
        <source>{count} pictures could not be read; the others are evaluated.</source>
        <translation>有 {count} 张图片无法读取，其余已评估。</translation>
    </message>
    <message>
        <source>Load or drop what is really to be seen (COCO, Pascal VOC, YOLO): every box is shown as right, wrong or missed.</source>
        <translation>加载或拖入真实标注（COCO、Pascal VOC、YOLO），每个框都会显示为正确、误检或漏检。</translation>
    </message>
    <message>
        <source>No ground truth is loaded.</source>
        <translation>尚未加载标注。</translation>
    </message>
    <message>
        <source>Load ground truth…</source>
        <translation>加载标注…</translation>
    </message>
    <message>
        <source>Ground truth</source>
        <translation>标注对比</translation>
    </message>
</context>
<context>
    <name>HelpButton</name>
    <message>
        <source>What is this?</source>
        <translation>这是什么？</translation>
    </message>
</context>
<context>
    <name>HelpDesk</name>
    <message>
        <source>One moment…</source>
        <translation>请稍候…</translation>
    </message>
    <message>
        <source>The window shows it now.</source>
        <translation>窗口中已显示。</translation>
    </message>
    <message>
        <source>That could not be shown.</source>
        <translation>无法显示。</translation>
    </message>
</context>
<context>
    <name>HelpWindow</name>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Search the help</source>
        <translation>搜索帮助</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>后退</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>前进</translation>
    </message>
</context>
<context>
    <name>Identity</name>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
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
    <name>Inspector</name>
    <message>
        <source>It is shown.</source>
        <translation>已显示。</translation>
    </message>
    <message>
        <source>{look}: {fate}</source>
        <translation>{look}：{fate}</translation>
    </message>
    <message>
        <source>{fate}; with a lower score {then}</source>
        <translation>{fate}；降低置信度阈值后，{then}</translation>
    </message>
    <message>
        <source>it would be suppressed by #{by}, IoU {iou}</source>
        <translation>它会被 #{by} 抑制，IoU {iou}</translation>
    </message>
    <message>
        <source>its class would still be switched off</source>
        <translation>它的类别仍处于关闭状态</translation>
    </message>
    <message>
        <source>it would not be among the best compared</source>
        <translation>它仍不在参与比较的最佳候选之列</translation>
    </message>
    <message>
        <source>it would be one more than may be shown</source>
        <translation>它会超出最多显示的数量</translation>
    </message>
    <message>
        <source>Score {before} → {after}</source>
        <translation>置信度 {before} → {after}</translation>
    </message>
    <message>
        <source>Overlap {before} → {after}</source>
        <translation>重叠 {before} → {after}</translation>
    </message>
    <message>
        <source>P-Net&apos;s score {before} → {after}</source>
        <translation>P-Net 的置信度 {before} → {after}</translation>
    </message>
    <message>
        <source>R-Net&apos;s score {before} → {after}</source>
        <translation>R-Net 的置信度 {before} → {after}</translation>
    </message>
    <message>
        <source>Compare the best {after}</source>
        <translation>比较最佳的 {after} 个</translation>
    </message>
    <message>
        <source>Show up to {after}</source>
        <translation>最多显示 {after} 个</translation>
    </message>
    <message>
        <source>Switch the class {name} on</source>
        <translation>打开类别“{name}”</translation>
    </message>
    <message>
        <source>{change}; what comes after may still drop it</source>
        <translation>{change}；后面的阶段仍可能将它去掉</translation>
    </message>
    <message>
        <source>No threshold alone would show it</source>
        <translation>单独调整任何一个阈值都不能显示它</translation>
    </message>
    <message>
        <source>Greedy, class by class</source>
        <translation>贪心，逐类别</translation>
    </message>
    <message>
        <source>The best box removes what overlaps it too much, if it is of the same class.</source>
        <translation>最好的框去掉与它重叠过多的同类框。</translation>
    </message>
    <message>
        <source>Greedy, across classes</source>
        <translation>贪心，跨类别</translation>
    </message>
    <message>
        <source>One box per object: the best box removes other classes, too.</source>
        <translation>每个目标一个框：最好的框也去掉其他类别的框。</translation>
    </message>
    <message>
        <source>Soft, linear</source>
        <translation>Soft-NMS，线性</translation>
    </message>
    <message>
        <source>Nothing is removed: beyond the overlap the score shrinks by 1 − IoU.</source>
        <translation>不直接去掉：重叠超过阈值时，置信度乘以 1 − IoU。</translation>
    </message>
    <message>
        <source>Soft, gaussian</source>
        <translation>Soft-NMS，高斯</translation>
    </message>
    <message>
        <source>Nothing is removed: every overlap shrinks the score, close neighbours most.</source>
        <translation>不直接去掉：每次重叠都会降低置信度，靠得越近降得越多。</translation>
    </message>
    <message>
        <source>{score} = objectness {objectness} × class {share}</source>
        <translation>{score} = 目标性 {objectness} × 类别 {share}</translation>
    </message>
    <message>
        <source>{score}, objectness {objectness}</source>
        <translation>{score}，目标性 {objectness}</translation>
    </message>
    <message>
        <source>grid {head} (stride {stride})</source>
        <translation>网格 {head}（步幅 {stride}）</translation>
    </message>
    <message>
        <source>level {level} of the pyramid</source>
        <translation>图像金字塔第 {level} 层</translation>
    </message>
    <message>
        <source>cell ({row}, {column})</source>
        <translation>单元 ({row}, {column})</translation>
    </message>
    <message>
        <source>anchor {anchor}</source>
        <translation>锚框 {anchor}</translation>
    </message>
    <message>
        <source>proposal {rank}</source>
        <translation>候选区域 {rank}</translation>
    </message>
    <message>
        <source>from #{parent} of {look}</source>
        <translation>来自 {look} 的 #{parent}</translation>
    </message>
    <message>
        <source>suppressed {count} others</source>
        <translation>抑制了另外 {count} 个</translation>
    </message>
    <message>
        <source>suppressed 1 other</source>
        <translation>抑制了另外 1 个</translation>
    </message>
    <message>
        <source>{first}, {second}</source>
        <translation>{first}，{second}</translation>
    </message>
    <message>
        <source>Places that answer</source>
        <translation>作答的位置</translation>
    </message>
    <message>
        <source>Every cell of the grid and every anchor in it gives one answer, also where nothing is.</source>
        <translation>网格的每个单元、单元中的每个锚框都给出一个答案，没有目标的地方也不例外。</translation>
    </message>
    <message>
        <source>Score is enough</source>
        <translation>置信度足够</translation>
    </message>
    <message>
        <source>How sure the network is, from 0 to 1. What is less sure than the Score slider says ends here.</source>
        <translation>网络有多确定，从 0 到 1。低于“置信度”滑块的候选到此为止。</translation>
    </message>
    <message>
        <source>Class is wanted</source>
        <translation>类别已选</translation>
    </message>
    <message>
        <source>Classes that are switched off in the results end here.</source>
        <translation>在结果中关闭的类别到此为止。</translation>
    </message>
    <message>
        <source>Among the best</source>
        <translation>位列前茅</translation>
    </message>
    <message>
        <source>Only so many of the best are compared with each other, so that it stays fast.</source>
        <translation>为保证速度，只比较其中最好的若干个。</translation>
    </message>
    <message>
        <source>Not suppressed</source>
        <translation>未被抑制</translation>
    </message>
    <message>
        <source>Neighbours find the same thing again. The best box stays, and those that overlap it more than the Overlap slider says end here (non-maximum suppression).</source>
        <translation>相邻的位置会重复找到同一个目标。最好的框留下，与它的重叠超过“重叠”滑块的框到此为止（非极大值抑制）。</translation>
    </message>
    <message>
        <source>Shown</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>The detections: what is left, at most so many as the settings allow.</source>
        <translation>检测结果：最后留下的，数量不超过设置所允许的上限。</translation>
    </message>
    <message>
        <source>Inside the picture</source>
        <translation>在画面内</translation>
    </message>
    <message>
        <source>Boxes without a pixel of the picture end here.</source>
        <translation>画面中没有一个像素落在其中的框到此为止。</translation>
    </message>
    <message>
        <source>Given by the graph</source>
        <translation>由计算图给出</translation>
    </message>
    <message>
        <source>This model filters and suppresses inside itself; only what it gives is known.</source>
        <translation>此模型在内部完成筛选和抑制；只知道它给出的结果。</translation>
    </message>
    <message>
        <source>Faces followed</source>
        <translation>跟随的人脸</translation>
    </message>
    <message>
        <source>Between two searches of the whole picture the known faces are only followed.</source>
        <translation>在两次全画面搜索之间，只跟随已知的人脸。</translation>
    </message>
    <message>
        <source>Worth a class</source>
        <translation>值得分类</translation>
    </message>
    <message>
        <source>Regions in which at least one class reached the score.</source>
        <translation>至少有一个类别达到置信度的区域。</translation>
    </message>
    <message>
        <source>Regions proposed</source>
        <translation>提出的区域</translation>
    </message>
    <message>
        <source>Where something might be, whatever it is; only these are looked at closely.</source>
        <translation>可能有东西的地方，不论是什么；只有这些区域会被仔细查看。</translation>
    </message>
    <message>
        <source>Candidates</source>
        <translation>候选框</translation>
    </message>
    <message>
        <source>Boxes with a class each, of which the best are shown.</source>
        <translation>各带一个类别的框，其中最好的会显示出来。</translation>
    </message>
    <message>
        <source>Proposals</source>
        <translation>候选区域</translation>
    </message>
    <message>
        <source>First look: regions where something might be, whatever it is.</source>
        <translation>第一遍：可能有东西的区域，不论是什么。</translation>
    </message>
    <message>
        <source>First look: a small network runs over the picture in many sizes and proposes faces.</source>
        <translation>第一遍：一个小网络扫过多种尺寸的画面，提出可能的人脸。</translation>
    </message>
    <message>
        <source>Second look: each proposal is cut out and refined; most are dropped.</source>
        <translation>第二遍：逐个裁出并修正，大多数被去掉。</translation>
    </message>
    <message>
        <source>Third look: the final box, and the five points of the face.</source>
        <translation>第三遍：最终的框，以及人脸的五个关键点。</translation>
    </message>
    <message>
        <source>The number it was decided by, from 0 to 1: objectness × class, where there are both.</source>
        <translation>作出判断所依据的数值，从 0 到 1：两者都有时为 目标性 × 类别。</translation>
    </message>
    <message>
        <source>How sure the network is that there is something, whatever it is.</source>
        <translation>网络有多确定这里有东西，不论是什么。</translation>
    </message>
    <message>
        <source>Row and column of the cell that found it, and which of the cell&apos;s anchors.</source>
        <translation>找到它的单元的行与列，以及是该单元的哪个锚框。</translation>
    </message>
    <message>
        <source>Intersection over union: the area that two boxes share, of the area that they cover together.</source>
        <translation>交并比：两个框共有的面积，占它们一起覆盖的面积的比例。</translation>
    </message>
    <message>
        <source>region</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>went on</source>
        <translation>进入下一步</translation>
    </message>
    <message>
        <source>went on to {look}</source>
        <translation>进入 {look}</translation>
    </message>
    <message>
        <source>score below {least}</source>
        <translation>置信度低于 {least}</translation>
    </message>
    <message>
        <source>no class reached the score</source>
        <translation>没有类别达到置信度</translation>
    </message>
    <message>
        <source>class switched off</source>
        <translation>类别已关闭</translation>
    </message>
    <message>
        <source>not among the best compared</source>
        <translation>不在参与比较的最佳候选之列</translation>
    </message>
    <message>
        <source>more than may be shown</source>
        <translation>超出最多显示的数量</translation>
    </message>
    <message>
        <source>outside the picture</source>
        <translation>在画面之外</translation>
    </message>
    <message>
        <source>below {least}</source>
        <translation>低于 {least}</translation>
    </message>
    <message>
        <source>no class</source>
        <translation>无类别达标</translation>
    </message>
    <message>
        <source>by #{by}, IoU {iou}</source>
        <translation>被 #{by} 抑制，{iou}</translation>
    </message>
    <message>
        <source>class off</source>
        <translation>类别已关</translation>
    </message>
    <message>
        <source>not compared</source>
        <translation>未参与比较</translation>
    </message>
    <message>
        <source>too many</source>
        <translation>超出数量</translation>
    </message>
    <message>
        <source>outside</source>
        <translation>画面外</translation>
    </message>
    <message>
        <source>suppressed</source>
        <translation>被抑制</translation>
    </message>
    <message>
        <source>suppressed by #{by}, IoU {iou}</source>
        <translation>被 #{by} 抑制，IoU {iou}</translation>
    </message>
</context>
<context>
    <name>InspectorDesk</name>
    <message>
        <source>Inspector</source>
        <translation>检视器</translation>
    </message>
</context>
<context>
    <name>InspectorPanel</name>
    <message>
        <source>Choose a detector: here you will see what becomes of every candidate it considers.</source>
        <translation>请选择一个检测器：这里会显示它考虑过的每个候选框的去向。</translation>
    </message>
    <message>
        <source>This model names whole pictures; it has no boxes to follow. Choose a detector to see how boxes come about.</source>
        <translation>此模型为整幅画面分类，没有框可供追踪。请选择一个检测器，查看框是如何产生的。</translation>
    </message>
    <message>
        <source>Open a picture or a video: here you will see what becomes of every candidate.</source>
        <translation>请打开图片或视频：这里会显示每个候选框的去向。</translation>
    </message>
    <message>
        <source>This model chooses its boxes inside itself, so that there is nothing to follow.</source>
        <translation>此模型在内部选定检测框，因此没有可追踪的内容。</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>置信度</translation>
    </message>
    <message>
        <source>Least score of a detection: how sure the network must be  [  ]</source>
        <translation>检测框的最低置信度：网络须有多确定  [  ]</translation>
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
        <source>Stages</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Why not?</source>
        <translation>为何没有？</translation>
    </message>
    <message>
        <source>Suppression</source>
        <translation>抑制方式</translation>
    </message>
    <message>
        <source>Every step from the first answer to the last box, and who ended where</source>
        <translation>从第一个答案到最后一个框的每一步，以及谁在哪里止步</translation>
    </message>
    <message>
        <source>Why is nothing here? Click on the picture, or move the cross with the arrow keys</source>
        <translation>为何这里什么也没有？请点击画面，或用方向键移动十字</translation>
    </message>
    <message>
        <source>The same candidates under three kinds of non-maximum suppression</source>
        <translation>同一批候选框在三种非极大值抑制下的结果</translation>
    </message>
    <message>
        <source>Pages of the inspector</source>
        <translation>检视器的页面</translation>
    </message>
    <message>
        <source>Copy what is inspected</source>
        <translation>复制所检视的内容</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy as a picture</source>
        <translation>复制为图片</translation>
    </message>
    <message>
        <source>Save as a picture</source>
        <translation>保存为图片</translation>
    </message>
    <message>
        <source>Copy as JSON</source>
        <translation>复制为 JSON</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>检视器</translation>
    </message>
</context>
<context>
    <name>Intake</name>
    <message>
        <source>Enrolling {name}</source>
        <translation>正在录入 {name}</translation>
    </message>
    <message>
        <source>Importing {name}</source>
        <translation>正在导入 {name}</translation>
    </message>
    <message>
        <source>Stopped. Pictures enrolled before: {count}.</source>
        <translation>已停止。此前录入了 {count} 张图片。</translation>
    </message>
    <message>
        <source>No picture was good enough to be enrolled.</source>
        <translation>没有图片达到录入要求。</translation>
    </message>
    <message>
        <source>Pictures enrolled: {count} ({names}).</source>
        <translation>已录入 {count} 张图片（{names}）。</translation>
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
    <name>KindsPage</name>
    <message>
        <source>1 box</source>
        <translation>1 个框</translation>
    </message>
    <message>
        <source>{count} boxes</source>
        <translation>{count} 个框</translation>
    </message>
    <message>
        <source>{boxes} · as now</source>
        <translation>{boxes} · 与当前相同</translation>
    </message>
    <message>
        <source>This model suppresses inside itself; its candidates are not known.</source>
        <translation>此模型在内部完成抑制，其候选框未知。</translation>
    </message>
    <message>
        <source>This model measures overlap by the smaller of two boxes; here it is measured by their union.</source>
        <translation>此模型以两框中较小者衡量重叠；这里以两框的并集衡量。</translation>
    </message>
    <message>
        <source>Kind of soft suppression</source>
        <translation>Soft-NMS 的种类</translation>
    </message>
    <message>
        <source>How gently the gaussian weakens neighbours; double-click for the paper&apos;s 0.50</source>
        <translation>高斯函数削弱相邻框的缓和程度；双击恢复论文中的 0.50</translation>
    </message>
</context>
<context>
    <name>Layers</name>
    <message>
        <source>Conv</source>
        <translation>卷积</translation>
    </message>
    <message>
        <source>Transposed conv</source>
        <translation>转置卷积</translation>
    </message>
    <message>
        <source>Batch norm</source>
        <translation>批归一化</translation>
    </message>
    <message>
        <source>Instance norm</source>
        <translation>实例归一化</translation>
    </message>
    <message>
        <source>Local norm</source>
        <translation>局部归一化</translation>
    </message>
    <message>
        <source>Max pool</source>
        <translation>最大池化</translation>
    </message>
    <message>
        <source>Average pool</source>
        <translation>平均池化</translation>
    </message>
    <message>
        <source>Global pool</source>
        <translation>全局池化</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>相加</translation>
    </message>
    <message>
        <source>Concat</source>
        <translation>拼接</translation>
    </message>
    <message>
        <source>Resize</source>
        <translation>缩放</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>Colour the picture</source>
        <translation>用颜色标出</translation>
    </message>
    <message>
        <source>Paint boxes by whether they are right  T</source>
        <translation>按是否正确为框着色  T</translation>
    </message>
    <message>
        <source>This picture</source>
        <translation>本图</translation>
    </message>
    <message>
        <source>Evaluated: {count}</source>
        <translation>已评估：{count}</translation>
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
    <name>MapGrid</name>
    <message>
        <source>Unit {number}</source>
        <translation>单元 {number}</translation>
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
        <source>F&amp;aces</source>
        <translation>人脸(&amp;A)</translation>
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
    <message>
        <source>Compare with</source>
        <translation>与其比较</translation>
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
    <name>ModelDesk</name>
    <message>
        <source>Back to the form</source>
        <translation>返回表单</translation>
    </message>
    <message>
        <source>The model {name} is exported.</source>
        <translation>模型 {name} 已导出。</translation>
    </message>
    <message>
        <source>Show the proof</source>
        <translation>查看证明</translation>
    </message>
    <message>
        <source>Open it now</source>
        <translation>立即打开</translation>
    </message>
    <message>
        <source>The model {name} is on this machine now.</source>
        <translation>模型 {name} 已在本机。</translation>
    </message>
    <message>
        <source>Back to the models</source>
        <translation>返回模型列表</translation>
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
        <source>Precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>Regions</source>
        <translation>候选区域</translation>
    </message>
    <message>
        <source>Selection</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Weights (SHA-256)</source>
        <translation>权重 (SHA-256)</translation>
    </message>
    <message>
        <source>{side} × {side} cells of {boxes} boxes</source>
        <translation>{side} × {side} 个单元，每个单元 {boxes} 个框</translation>
    </message>
    <message>
        <source>{cells}, sides as square roots</source>
        <translation>{cells}，边长以平方根表示</translation>
    </message>
    <message>
        <source>at most {most}, proposed inside the graph</source>
        <translation>最多 {most} 个，由计算图内部提出</translation>
    </message>
    <message>
        <source>at most {most}, by selective search in pictures of {side} px</source>
        <translation>最多 {most} 个，由选择性搜索在 {side} px 的图片中提出</translation>
    </message>
    <message>
        <source>{regions}; each is cut out with {around} of surroundings on each side</source>
        <translation>{regions}；逐个裁剪，每侧带 {around} 的周边</translation>
    </message>
    <message>
        <source>inside the graph, at most {most} boxes of a class</source>
        <translation>在计算图内部进行，每个类别最多 {most} 个框</translation>
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
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>First run</source>
        <translation>首次运行</translation>
    </message>
    <message>
        <source>Operators</source>
        <translation>算子</translation>
    </message>
    <message>
        <source>Not there</source>
        <translation>不可用</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Not on {name}</source>
        <translation>不在 {name} 上</translation>
    </message>
    <message>
        <source>Proof of the export</source>
        <translation>导出验证</translation>
    </message>
</context>
<context>
    <name>NetworkDesk</name>
    <message>
        <source>Inside the network</source>
        <translation>网络内部</translation>
    </message>
    <message>
        <source>This network has no layers that are maps.</source>
        <translation>这个网络没有可以显示为特征图的层。</translation>
    </message>
    <message>
        <source>Where to look</source>
        <translation>在哪里查找</translation>
    </message>
</context>
<context>
    <name>NetworkPanel</name>
    <message>
        <source>Open a picture or video with a model: then its layers can be seen here.</source>
        <translation>用模型打开图片或视频后，这里会显示它的各层。</translation>
    </message>
    <message>
        <source>Unit {number} of {layer}</source>
        <translation>{layer} 的单元 {number}</translation>
    </message>
    <message>
        <source>Unit {number}</source>
        <translation>单元 {number}</translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation>{low} 至 {high}</translation>
    </message>
    <message>
        <source>Row {row}, column {column}</source>
        <translation>第 {row} 行，第 {column} 列</translation>
    </message>
    <message>
        <source>Value {value}</source>
        <translation>值 {value}</translation>
    </message>
    <message>
        <source>It sees only padding</source>
        <translation>它只看到填充部分</translation>
    </message>
    <message>
        <source>It may see the whole input: nobody can tell through {operator}</source>
        <translation>它可能看到整个输入：经过 {operator} 后无法判断</translation>
    </message>
    <message>
        <source>It sees the whole input</source>
        <translation>它看到整个输入</translation>
    </message>
    <message>
        <source>It sees {width} × {height} px of the input</source>
        <translation>它看到输入中的 {width} × {height} 像素</translation>
    </message>
    <message>
        <source>Layer: channels × rows × columns</source>
        <translation>层：通道 × 行 × 列</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Which network of the cascade</source>
        <translation>级联中的哪个网络</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Level </source>
        <translation>层级 </translation>
    </message>
    <message>
        <source>Level of the image pyramid that P-Net is shown; 1 is the largest</source>
        <translation>给 P-Net 看的图像金字塔层级；1 为最大</translation>
    </message>
    <message>
        <source>Level of the pyramid</source>
        <translation>金字塔层级</translation>
    </message>
    <message>
        <source>It is shown the selected face, or the surest one; without a face, the middle of the picture.</source>
        <translation>给它看的是所选的人脸，或最确定的人脸；没有人脸时是画面中央。</translation>
    </message>
    <message>
        <source>By number</source>
        <translation>按编号</translation>
    </message>
    <message>
        <source>Strongest first</source>
        <translation>最强的在前</translation>
    </message>
    <message>
        <source>Order of the maps</source>
        <translation>特征图的顺序</translation>
    </message>
    <message>
        <source>Each by itself</source>
        <translation>各自着色</translation>
    </message>
    <message>
        <source>All alike</source>
        <translation>统一着色</translation>
    </message>
    <message>
        <source>Range of colours</source>
        <translation>颜色范围</translation>
    </message>
    <message>
        <source>Zero in the middle</source>
        <translation>零居中</translation>
    </message>
    <message>
        <source>Values below zero blue, above zero brown</source>
        <translation>低于零为蓝色，高于零为棕色</translation>
    </message>
    <message>
        <source>Feature maps: the arrow keys choose a unit, Enter shows what excites it</source>
        <translation>特征图：方向键选择单元，回车显示什么使它兴奋</translation>
    </message>
    <message>
        <source>Map of the chosen unit: the arrow keys move the activation</source>
        <translation>所选单元的特征图：方向键移动激活点</translation>
    </message>
    <message>
        <source>Click, drag or use the arrow keys to choose an activation</source>
        <translation>单击、拖动或用方向键选择激活点</translation>
    </message>
    <message>
        <source>What excites this unit most?</source>
        <translation>什么最使这个单元兴奋？</translation>
    </message>
    <message>
        <source>Inside the network</source>
        <translation>网络内部</translation>
    </message>
</context>
<context>
    <name>OutputTable</name>
    <message>
        <source>agrees</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>differs</source>
        <translation>不一致</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Largest difference</source>
        <translation>最大差异</translation>
    </message>
    <message>
        <source>Mean difference</source>
        <translation>平均差异</translation>
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
        <source>Proof of the export</source>
        <translation>导出的证明</translation>
    </message>
</context>
<context>
    <name>OverTime</name>
    <message>
        <source>Differences</source>
        <translation>差异</translation>
    </message>
</context>
<context>
    <name>PatchesPage</name>
    <message>
        <source>{value:.3f} at {place}, frame {index}</source>
        <translation>{value:.3f}，位于 {place}，第 {index} 帧</translation>
    </message>
    <message>
        <source>Patch {number}: {value:.2f}, {place}</source>
        <translation>图块 {number}：{value:.2f}，{place}</translation>
    </message>
    <message>
        <source>{done} frames looked at.</source>
        <translation>已查看 {done} 帧。</translation>
    </message>
    <message>
        <source>It was stopped before the end.</source>
        <translation>在结束前被停止。</translation>
    </message>
    <message>
        <source>{count} could not be read.</source>
        <translation>{count} 个无法读取。</translation>
    </message>
    <message>
        <source>Back to the maps</source>
        <translation>返回特征图</translation>
    </message>
    <message>
        <source>Which parts of pictures excite this unit most? One from each picture, or from each second of a video (as in Zeiler and Fergus, 2014).</source>
        <translation>图片的哪些部分最使这个单元兴奋？每张图片取一处，视频每秒取一处（如 Zeiler 和 Fergus，2014）。</translation>
    </message>
    <message>
        <source>Search here</source>
        <translation>在此查找</translation>
    </message>
    <message>
        <source>A folder…</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>A video…</source>
        <translation>视频…</translation>
    </message>
    <message>
        <source>Look through the open video or folder</source>
        <translation>查看打开的视频或文件夹</translation>
    </message>
    <message>
        <source>Look through a folder of pictures</source>
        <translation>查看图片文件夹</translation>
    </message>
    <message>
        <source>Look through another video</source>
        <translation>查看另一个视频</translation>
    </message>
    <message>
        <source>Patches that excite the unit most, best first</source>
        <translation>最使单元兴奋的图块，最强的在前</translation>
    </message>
</context>
<context>
    <name>PeopleDialog</name>
    <message>
        <source>Pictures ({patterns})</source>
        <translation>图片 ({patterns})</translation>
    </message>
    <message>
        <source>Pictures of one person</source>
        <translation>同一人的图片</translation>
    </message>
    <message>
        <source>Folder of people</source>
        <translation>人员文件夹</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>The picture was deleted.</source>
        <translation>图片已删除。</translation>
    </message>
    <message>
        <source>Forget a person</source>
        <translation>删除人员</translation>
    </message>
    <message>
        <source>Forget {name}?</source>
        <translation>删除 {name}？</translation>
    </message>
    <message>
        <source>All {count} pictures and everything that was measured of them are deleted and overwritten, so that nothing of this person is left in the file. This cannot be undone. Copies that a backup has made are not reached.</source>
        <translation>全部 {count} 张图片以及由其测得的所有数据都会被删除并覆写，文件中不会留下此人的任何信息。此操作无法撤销。备份中的副本不受影响。</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Nothing of {name} is left in the gallery.</source>
        <translation>人脸库中已没有 {name} 的任何信息。</translation>
    </message>
    <message>
        <source>Export {name}</source>
        <translation>导出 {name}</translation>
    </message>
    <message>
        <source>Zip file ({patterns})</source>
        <translation>Zip 文件 ({patterns})</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>{name} was written to {path}</source>
        <translation>{name} 已导出到 {path}</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>How alike is the same?</source>
        <translation>多像才算同一人？</translation>
    </message>
</context>
<context>
    <name>PeopleModel</name>
    <message>
        <source>Pictures: {count}</source>
        <translation>图片：{count}</translation>
    </message>
</context>
<context>
    <name>PeoplePage</name>
    <message>
        <source>People</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Find a name</source>
        <translation>查找姓名</translation>
    </message>
    <message>
        <source>Opening the gallery…</source>
        <translation>正在打开人脸库…</translation>
    </message>
    <message>
        <source>Nobody is enrolled yet</source>
        <translation>尚未录入任何人</translation>
    </message>
    <message>
        <source>Click a face in the picture, or select it and press E, and type a name. One picture is enough; several under different light are better.</source>
        <translation>单击画面中的人脸，或选中后按 E，再输入姓名。一张图片即可；多张不同光线下的图片效果更好。</translation>
    </message>
    <message>
        <source>Enrol from pictures…</source>
        <translation>从图片录入…</translation>
    </message>
    <message>
        <source>Several files of one person</source>
        <translation>同一人的多个文件</translation>
    </message>
    <message>
        <source>Import a folder of people…</source>
        <translation>导入人员文件夹…</translation>
    </message>
    <message>
        <source>A sub-folder for each person, or pictures named for them</source>
        <translation>每人一个子文件夹，或以姓名命名的图片</translation>
    </message>
</context>
<context>
    <name>PersonPage</name>
    <message>
        <source>Enrolled since {day} · pictures: {count} · faces kept: {kept}</source>
        <translation>录入于 {day} · 图片 {count} 张 · 保留人脸 {kept} 张</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Type another name to rename this person</source>
        <translation>输入新的姓名即可重命名</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>As a folder…</source>
        <translation>导出为文件夹…</translation>
    </message>
    <message>
        <source>As a zip file…</source>
        <translation>导出为 zip 文件…</translation>
    </message>
    <message>
        <source>Forget…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Delete this person with all pictures</source>
        <translation>删除此人及其全部图片</translation>
    </message>
    <message>
        <source>Forget picture</source>
        <translation>删除图片</translation>
    </message>
    <message>
        <source>Delete the selected picture (Del)</source>
        <translation>删除选中的图片 (Del)</translation>
    </message>
</context>
<context>
    <name>PictureErrors</name>
    <message>
        <source>Errors on this picture</source>
        <translation>本图的错误</translation>
    </message>
</context>
<context>
    <name>PictureGrid</name>
    <message>
        <source>Forget picture</source>
        <translation>删除图片</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
</context>
<context>
    <name>PictureModel</name>
    <message>
        <source>{eyes} px between the eyes, sharpness {sharpness}</source>
        <translation>两眼间距 {eyes} 像素，清晰度 {sharpness}</translation>
    </message>
    <message>
        <source>The face was not kept; what was measured of it was.</source>
        <translation>人脸图片未保留，只保留了测得的数据。</translation>
    </message>
</context>
<context>
    <name>PictureWell</name>
    <message>
        <source>Drop a picture, click to choose, or paste</source>
        <translation>拖放图片、单击选择或粘贴</translation>
    </message>
    <message>
        <source>Picture: {name}</source>
        <translation>图片：{name}</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>没有图片</translation>
    </message>
    <message>
        <source>Enter chooses, Ctrl+V pastes, Del clears</source>
        <translation>回车选择，Ctrl+V 粘贴，Del 清除</translation>
    </message>
</context>
<context>
    <name>PlacementRows</name>
    <message>
        <source>{operators} and {count} more</source>
        <translation>{operators} 及另外 {count} 种</translation>
    </message>
    <message>
        <source>copies to and from the device {count}</source>
        <translation>与设备间的复制 {count}</translation>
    </message>
    <message>
        <source>{ms} ms</source>
        <translation>{ms} 毫秒</translation>
    </message>
</context>
<context>
    <name>PointsTable</name>
    <message>
        <source>From the left, %</source>
        <translation>距左侧，%</translation>
    </message>
    <message>
        <source>From the top, %</source>
        <translation>距顶部，%</translation>
    </message>
    <message>
        <source>Corners of the selected line or zone</source>
        <translation>所选计数线或区域的顶点</translation>
    </message>
</context>
<context>
    <name>PrivateLine</name>
    <message>
        <source>Everything stays on this machine:</source>
        <translation>所有数据只保存在本机：</translation>
    </message>
    <message>
        <source>Everything stays on this machine.</source>
        <translation>所有数据只保存在本机。</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
</context>
<context>
    <name>ProgressRow</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Evaluating</source>
        <translation>正在评估</translation>
    </message>
</context>
<context>
    <name>ReadingDesk</name>
    <message>
        <source>Answer what is asked for; then the model runs.</source>
        <translation>请补全待填的项目，模型随即运行。</translation>
    </message>
    <message>
        <source>{name} has no card; how it is read is partly guessed</source>
        <translation>{name} 没有模型卡，其解读方式有一部分是推测的</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>What runs is the last reading that worked.</source>
        <translation>目前运行的仍是上一次有效的解读。</translation>
    </message>
    <message>
        <source>Saved as {name}; the model is read so from now on.</source>
        <translation>已保存为 {name}，今后将按此解读该模型。</translation>
    </message>
    <message>
        <source>Save a copy with the card inside</source>
        <translation>另存为内含模型卡的副本</translation>
    </message>
    <message>
        <source>Models (*.onnx)</source>
        <translation>模型 (*.onnx)</translation>
    </message>
    <message>
        <source>Saved {name} with its card inside.</source>
        <translation>已保存 {name}，模型卡在文件内。</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>打开它</translation>
    </message>
    <message>
        <source>Names of the classes, one in each line</source>
        <translation>类别名称，每行一个</translation>
    </message>
</context>
<context>
    <name>ReadingPanel</name>
    <message>
        <source>How this model is read</source>
        <translation>模型的解读方式</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭（Esc）</translation>
    </message>
    <message>
        <source>Correct…</source>
        <translation>更正…</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Save a copy…</source>
        <translation>另存副本…</translation>
    </message>
    <message>
        <source>Save card</source>
        <translation>保存模型卡</translation>
    </message>
    <message>
        <source>A copy of the model with the card inside</source>
        <translation>内含模型卡的模型副本</translation>
    </message>
    <message>
        <source>Beside the model; it is read so from then on</source>
        <translation>保存在模型旁边，今后将按此解读</translation>
    </message>
    <message>
        <source>The file has a card inside, which counts before one beside it: save a copy</source>
        <translation>文件内已有模型卡，优先于旁边的卡：请另存副本</translation>
    </message>
    <message>
        <source>Something is still asked for</source>
        <translation>还有项目待填</translation>
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
    <name>RefusalTable</name>
    <message>
        <source>Left out: {count}</source>
        <translation>已略过：{count}</translation>
    </message>
    <message>
        <source>Close this list</source>
        <translation>关闭此列表</translation>
    </message>
    <message>
        <source>What was left out, and why</source>
        <translation>略过的内容及原因</translation>
    </message>
</context>
<context>
    <name>ReportView</name>
    <message>
        <source>The report is in the model card of the file.</source>
        <translation>报告在文件的模型卡中。</translation>
    </message>
    <message>
        <source>Boxes</source>
        <translation>边框</translation>
    </message>
    <message>
        <source>Proof of the export as a picture</source>
        <translation>导出的证明（图片）</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
</context>
<context>
    <name>ResultPage</name>
    <message>
        <source>{size} MB · {nodes} nodes · compared with PyTorch and written in {time}</source>
        <translation>{size} MB · {nodes} 个节点 · 与 PyTorch 对比并写入，用时 {time}</translation>
    </message>
    <message>
        <source>Open it now</source>
        <translation>立即打开</translation>
    </message>
    <message>
        <source>Run this model in the main window</source>
        <translation>在主窗口中运行此模型</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Export another</source>
        <translation>再导出一个</translation>
    </message>
</context>
<context>
    <name>ScalingEditor</name>
    <message>
        <source>Other numbers…</source>
        <translation>其他数值…</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>请选择…</translation>
    </message>
    <message>
        <source>times</source>
        <translation>先乘以</translation>
    </message>
    <message>
        <source>then minus</source>
        <translation>再减去</translation>
    </message>
    <message>
        <source>then divided by</source>
        <translation>再除以</translation>
    </message>
</context>
<context>
    <name>SearchBar</name>
    <message>
        <source>Looking through {name}</source>
        <translation>正在查看 {name}</translation>
    </message>
</context>
<context>
    <name>SearchDialog</name>
    <message>
        <source>Searching…</source>
        <translation>正在搜索…</translation>
    </message>
    <message>
        <source>Nobody who was looked for was seen.</source>
        <translation>没有找到要找的人。</translation>
    </message>
    <message>
        <source>A double click on what is found opens it in the window.</source>
        <translation>双击找到的结果即可在窗口中打开。</translation>
    </message>
    <message>
        <source>Nobody is enrolled yet, so nobody can be found.</source>
        <translation>尚未录入任何人，因此无法查找。</translation>
    </message>
    <message>
        <source>Found: {count}</source>
        <translation>找到：{count}</translation>
    </message>
    <message>
        <source>only the first {most} are shown, {more} more were found</source>
        <translation>只显示前 {most} 项，另有 {more} 项</translation>
    </message>
    <message>
        <source>Find a person</source>
        <translation>查找人员</translation>
    </message>
</context>
<context>
    <name>SearchForm</name>
    <message>
        <source>Everyone</source>
        <translation>所有人</translation>
    </message>
    <message>
        <source>Folder to search</source>
        <translation>要搜索的文件夹</translation>
    </message>
    <message>
        <source>Video to search</source>
        <translation>要搜索的视频</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Of videos</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Video or picture</source>
        <translation>视频或图片</translation>
    </message>
    <message>
        <source>Current source</source>
        <translation>当前输入源</translation>
    </message>
    <message>
        <source>Choose where to search</source>
        <translation>选择搜索位置</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>one frame in</source>
        <translation>每</translation>
    </message>
    <message>
        <source>is looked at</source>
        <translation>帧检查一帧</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
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
    <name>ShapeEditor</name>
    <message>
        <source>Line</source>
        <translation>计数线</translation>
    </message>
    <message>
        <source>Zone</source>
        <translation>区域</translation>
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
    <name>SideBySideDesk</name>
    <message>
        <source>Side by side</source>
        <translation>并排比较</translation>
    </message>
    <message>
        <source>the second model</source>
        <translation>第二个模型</translation>
    </message>
</context>
<context>
    <name>SightingModel</name>
    <message>
        <source>Person</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>距离</translation>
    </message>
</context>
<context>
    <name>SightingTable</name>
    <message>
        <source>Where they were seen</source>
        <translation>出现的位置</translation>
    </message>
</context>
<context>
    <name>SizeEditor</name>
    <message>
        <source>Height</source>
        <translation>高度</translation>
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
    <name>StageBar</name>
    <message>
        <source>Starting the exporter</source>
        <translation>正在启动导出程序</translation>
    </message>
    <message>
        <source>{step} of {steps}</source>
        <translation>第 {step} 步，共 {steps} 步</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>End the export; nothing of it is left</source>
        <translation>结束导出，不留下任何内容</translation>
    </message>
</context>
<context>
    <name>StagesPage</name>
    <message>
        <source>Stages</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Candidates</source>
        <translation>候选框</translation>
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
    <message>
        <source>Not where it was asked to: {operators}</source>
        <translation>未在要求的位置运行：{operators}</translation>
    </message>
</context>
<context>
    <name>StoryLine</name>
    <message>
        <source>Point at a box: its whole story is told here. Click where something is missing to ask why.</source>
        <translation>指向一个框，这里会讲述它的来龙去脉。点击缺少目标的地方即可询问原因。</translation>
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
    <name>TargetRow</name>
    <message>
        <source>Still needed: the file to write</source>
        <translation>还需要：要写入的文件</translation>
    </message>
    <message>
        <source>There is no folder {folder}</source>
        <translation>没有文件夹 {folder}</translation>
    </message>
    <message>
        <source>{name} is a folder; a file name is needed</source>
        <translation>{name} 是文件夹；需要文件名</translation>
    </message>
    <message>
        <source>{name} is a file; a folder is needed</source>
        <translation>{name} 是文件；需要文件夹</translation>
    </message>
    <message>
        <source>Nothing may be written into {folder}</source>
        <translation>无法写入 {folder}</translation>
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
        <source>Write the model to</source>
        <translation>将模型写入</translation>
    </message>
    <message>
        <source>{name} exists already and will be replaced.</source>
        <translation>{name} 已存在，将被替换。</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose where to write</source>
        <translation>选择写入位置</translation>
    </message>
    <message>
        <source>Write to</source>
        <translation>写入到</translation>
    </message>
</context>
<context>
    <name>ThresholdPage</name>
    <message>
        <source>Enrol two people, each with several pictures, to see how far apart they are.</source>
        <translation>录入两个人，每人多张图片，即可看到他们的距离。</translation>
    </message>
    <message>
        <source>{missed} of {genuine} pairs of one person would be missed, {confused} of {impostor} pairs of two people confused.</source>
        <translation>同一人的 {genuine} 对中有 {missed} 对认不出，不同人的 {impostor} 对中有 {confused} 对会混淆。</translation>
    </message>
    <message>
        <source>Left of the line, two faces count as one person. Where both hills overlap, mistakes happen: further left more faces stay unknown, further right more are taken for somebody else.</source>
        <translation>线的左侧，两张人脸视为同一人。两座峰重叠之处会出错：线越靠左，认不出的人脸越多；越靠右，认错人的情况越多。</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>Drag the line</source>
        <translation>拖动此线</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>距离</translation>
    </message>
    <message>
        <source>Two pictures of one person: {count}</source>
        <translation>同一人的图片对：{count}</translation>
    </message>
    <message>
        <source>Pictures of two people: {count}</source>
        <translation>不同人的图片对：{count}</translation>
    </message>
    <message>
        <source>Suggested: {value}</source>
        <translation>建议：{value}</translation>
    </message>
    <message>
        <source>Suggested: {origin}</source>
        <translation>建议值：{origin}</translation>
    </message>
    <message>
        <source>Model&apos;s own: {value}</source>
        <translation>模型默认：{value}</translation>
    </message>
    <message>
        <source>As {name} says of itself</source>
        <translation>{name} 模型自带的值</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>not seen yet</source>
        <translation>尚未分析</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间轴</translation>
    </message>
    <message>
        <source>What was found when; a press goes there, the wheel brings other rows</source>
        <translation>何时检测到什么；单击跳转到该处，滚轮查看其他行</translation>
    </message>
</context>
<context>
    <name>TimelineDesk</name>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Every frame is analysed; exports of tables are instant now.</source>
        <translation>所有帧均已分析；现在导出表格无需再次推理。</translation>
    </message>
</context>
<context>
    <name>TitleBar</name>
    <message>
        <source>{name}   {count} found   {ms} ms</source>
        <translation>{name}   找到 {count} 个   {ms} 毫秒</translation>
    </message>
    <message>
        <source>Loading {name}…</source>
        <translation>正在加载{name}…</translation>
    </message>
    <message>
        <source>{share} % agree</source>
        <translation>{share} % 一致</translation>
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
    <name>Tour</name>
    <message>
        <source>A detector at work</source>
        <translation>检测器正在工作</translation>
    </message>
    <message>
        <source>The demo clip runs through a detector that came with the app; nothing leaves this machine. Drop your own video, picture or folder here at any time.</source>
        <translation>演示片段正由软件自带的检测器处理；数据不会离开本机。随时可以把自己的视频、图片或文件夹拖到这里。</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Models for objects, faces and digits are here already. Your own .onnx files can be opened, too.</source>
        <translation>检测物体、人脸和识别数字的模型都已自带，也可以打开自己的 .onnx 文件。</translation>
    </message>
    <message>
        <source>How sure is sure enough?</source>
        <translation>多大把握才够？</translation>
    </message>
    <message>
        <source>Boxes below this score are not shown. Try it: on a paused picture it acts at once.  Keys: [ and ]</source>
        <translation>低于此置信度的检测框不显示。试一试：画面暂停时立即生效。  按键：[ 和 ]</translation>
    </message>
    <message>
        <source>What was found when</source>
        <translation>何时检测到什么</translation>
    </message>
    <message>
        <source>One row for each class, filled as the video plays. Click to go there.</source>
        <translation>每个类别一行，随视频播放而填充。单击即可跳转。</translation>
    </message>
    <message>
        <source>Why is it there, and why not?</source>
        <translation>为何有，又为何没有？</translation>
    </message>
    <message>
        <source>The inspector shows every candidate and what became of it. Click where something is missing: it says what stopped it.  Key: I</source>
        <translation>检视器显示每个候选框及其结局。在缺少目标的地方单击，它会说明被什么拦下。  按键：I</translation>
    </message>
    <message>
        <source>Keep what was found</source>
        <translation>保存检测结果</translation>
    </message>
    <message>
        <source>As a video, a table, JSON or COCO. Help (F1) explains how detectors work, each page with an example to try; this tour is in the menu Help, too.</source>
        <translation>可存为视频、表格、JSON 或 COCO。帮助（F1）讲解检测器的原理，每页都有可以试的例子；本导览也在“帮助”菜单中。</translation>
    </message>
</context>
<context>
    <name>TourCard</name>
    <message>
        <source>Skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Tour, {number} of {total}: {title}. {text}</source>
        <translation>导览，第 {number} 步，共 {total} 步：{title}。{text}</translation>
    </message>
</context>
<context>
    <name>TrackingDesk</name>
    <message>
        <source>Tracking</source>
        <translation>跟踪</translation>
    </message>
    <message>
        <source>Load lines and zones</source>
        <translation>载入计数线和区域</translation>
    </message>
    <message>
        <source>Lines and zones (*.json)</source>
        <translation>计数线和区域 (*.json)</translation>
    </message>
    <message>
        <source>Save lines and zones</source>
        <translation>保存计数线和区域</translation>
    </message>
    <message>
        <source>Save what was counted</source>
        <translation>保存计数结果</translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
</context>
<context>
    <name>TrackingPanel</name>
    <message>
        <source>Drag a line on the picture, or Enter for one in the middle. Esc leaves.</source>
        <translation>在画面上拖出一条线，或按回车在中间放置一条。Esc 退出。</translation>
    </message>
    <message>
        <source>Click the corners; Enter or the first corner closes, Backspace takes one back, Esc leaves.</source>
        <translation>依次点击各顶点；按回车或点击第一个顶点闭合，退格键撤回一个，Esc 退出。</translation>
    </message>
    <message>
        <source>Drag a corner to move it. Double-click a name to change it.</source>
        <translation>拖动顶点可移动它。双击名称可修改。</translation>
    </message>
    <message>
        <source>Draw a line to count who crosses it, or a zone to count who is inside.</source>
        <translation>绘制计数线以统计越线者，或绘制区域以统计区域内的物体。</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>计数线</translation>
    </message>
    <message>
        <source>Draw a line that counts who crosses it</source>
        <translation>绘制一条统计越线者的线</translation>
    </message>
    <message>
        <source>Zone</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Draw a zone that counts who is inside</source>
        <translation>绘制一个统计其中物体的区域</translation>
    </message>
    <message>
        <source>Turn</source>
        <translation>反向</translation>
    </message>
    <message>
        <source>Exchange in and out of the line</source>
        <translation>交换该线的进出方向</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete the selected line or zone</source>
        <translation>删除所选的计数线或区域</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Files and counts</source>
        <translation>文件与计数</translation>
    </message>
    <message>
        <source>Load lines and zones…</source>
        <translation>载入计数线和区域…</translation>
    </message>
    <message>
        <source>Save lines and zones…</source>
        <translation>保存计数线和区域…</translation>
    </message>
    <message>
        <source>Save what was counted…</source>
        <translation>保存计数结果…</translation>
    </message>
    <message>
        <source>Copy what was counted</source>
        <translation>复制计数结果</translation>
    </message>
    <message>
        <source>Count from zero</source>
        <translation>重新计数</translation>
    </message>
    <message>
        <source>Counts</source>
        <translation>计数依据</translation>
    </message>
    <message>
        <source>Corners</source>
        <translation>顶点</translation>
    </message>
    <message>
        <source>the middle of a box</source>
        <translation>框的中心</translation>
    </message>
    <message>
        <source>the middle of its lower edge</source>
        <translation>框下边缘的中点</translation>
    </message>
    <message>
        <source>The point of a box that is counted</source>
        <translation>用于计数的框上的点</translation>
    </message>
</context>
<context>
    <name>TransferBar</name>
    <message>
        <source>Ending</source>
        <translation>正在结束</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>End the download; what has come is kept</source>
        <translation>结束下载；已下载的部分会保留</translation>
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
    <name>TruthLoader</name>
    <message>
        <source>Load ground truth</source>
        <translation>加载标注</translation>
    </message>
    <message>
        <source>Ground truth (*.json *.xml *.yaml *.yml *.txt)</source>
        <translation>标注 (*.json *.xml *.yaml *.yml *.txt)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>TruthPanel</name>
    <message>
        <source>Load…</source>
        <translation>加载…</translation>
    </message>
    <message>
        <source>COCO .json, a folder of VOC .xml files, or YOLO labels</source>
        <translation>COCO .json、VOC .xml 文件夹或 YOLO 标签</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Evaluate all</source>
        <translation>全部评估</translation>
    </message>
    <message>
        <source>Run the model over every annotated picture, in the background</source>
        <translation>在后台让模型处理每一张有标注的图片</translation>
    </message>
    <message>
        <source>Number of the first frame</source>
        <translation>首帧编号</translation>
    </message>
    <message>
        <source>Frames are matched by the numbers in the pictures&apos; names; some tools count from 1</source>
        <translation>按图片名中的编号对应各帧；有些工具从 1 开始编号</translation>
    </message>
    <message>
        <source>Fits from</source>
        <translation>重叠下限</translation>
    </message>
    <message>
        <source>Least overlap (IoU) of a detection with the object that it has found</source>
        <translation>检测框与其所对应目标的最小重叠（IoU）</translation>
    </message>
    <message>
        <source>Errors here</source>
        <translation>本图错误</translation>
    </message>
    <message>
        <source>Curve</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>Worst pictures</source>
        <translation>错误最多</translation>
    </message>
</context>
<context>
    <name>UnavailablePage</name>
    <message>
        <source>Asking what can be exported…</source>
        <translation>正在询问可以导出什么…</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>复制命令</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
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
    <name>WhyPage</name>
    <message>
        <source>Click on the picture where something is missing, or press the button above and move the cross with the arrow keys.</source>
        <translation>请点击画面中缺少目标的地方，或按上面的按钮并用方向键移动十字。</translation>
    </message>
    <message>
        <source>Nothing was considered near this point.</source>
        <translation>此处附近没有任何候选框。</translation>
    </message>
    <message>
        <source>The network sees next to nothing here; no threshold is to blame.</source>
        <translation>网络在这里几乎什么也没看到；与阈值无关。</translation>
    </message>
    <message>
        <source>Why is nothing here?</source>
        <translation>为何这里什么也没有？</translation>
    </message>
</context>
<context>
    <name>WipeHandle</name>
    <message>
        <source>Wipe</source>
        <translation>分界线</translation>
    </message>
    <message>
        <source>Left of it the first model&apos;s boxes, right of it the second&apos;s</source>
        <translation>左侧是第一个模型的框，右侧是第二个模型的框</translation>
    </message>
    <message>
        <source>Drag it, or move it with the arrow keys</source>
        <translation>拖动它，或用方向键移动</translation>
    </message>
</context>
<context>
    <name>WorkBar</name>
    <message>
        <source>{time} left</source>
        <translation>剩余 {time}</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>WorstFrames</name>
    <message>
        <source>Pictures with most errors</source>
        <translation>错误最多的图片</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Wrong</source>
        <translation>误检</translation>
    </message>
    <message>
        <source>Missed</source>
        <translation>漏检</translation>
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
        <source>{where} is refused, because loading it could do harm: {detail}</source>
        <translation>已拒绝 {where}，因为加载它可能造成危害：{detail}</translation>
    </message>
    <message>
        <source>Get the model from a source that you trust, or export it again.</source>
        <translation>请从可信的来源获取模型，或重新导出。</translation>
    </message>
    <message>
        <source>{where} does not say how its outputs are to be read (no model card; outputs: {found}).</source>
        <translation>{where} 未说明如何解读其输出（没有模型卡；输出：{found}）。</translation>
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
        <source>{where} is a part of a model, not a model by itself.</source>
        <translation>{where} 只是模型的一部分，不是完整的模型。</translation>
    </message>
    <message>
        <source>Open {expected} beside it, or their folder.</source>
        <translation>请打开旁边的 {expected}，或它们所在的文件夹。</translation>
    </message>
    <message>
        <source>This model needs regions that scikit-image proposes, and it cannot be loaded: {detail}</source>
        <translation>此模型需要由 scikit-image 提出候选区域，但无法加载它：{detail}</translation>
    </message>
    <message>
        <source>Install it: pip install &quot;detector-app[regions]&quot;</source>
        <translation>请安装：pip install &quot;detector-app[regions]&quot;</translation>
    </message>
    <message>
        <source>{where} tells faces apart and finds none by itself.</source>
        <translation>{where} 用于区分人脸，本身不检测人脸。</translation>
    </message>
    <message>
        <source>Open a face detector such as mtcnn, and choose this file as the face embedder in the settings.</source>
        <translation>请打开 mtcnn 等人脸检测模型，并在设置中将此文件选为人脸特征模型。</translation>
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
        <source>{where} was to run on {expected}, but runs on {found}: {detail}</source>
        <translation>{where} 本应在 {expected} 上运行，却在 {found} 上运行：{detail}</translation>
    </message>
    <message>
        <source>{where} was to run on {expected} alone, but {count} of its nodes do not: {found}.</source>
        <translation>{where} 本应只在 {expected} 上运行，但有 {count} 个节点不是：{found}。</translation>
    </message>
    <message>
        <source>Allow another processor, or export the model without these operators.</source>
        <translation>请允许使用其他处理器，或导出不含这些算子的模型。</translation>
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
        <source>its bytes are those of {source}, whose authors say so</source>
        <translation>文件内容与 {source} 完全一致，其作者如此说明</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>这是一个文件夹</translation>
    </message>
    <message>
        <source>it has thousands of outputs, and would take minutes to open</source>
        <translation>它有数千个输出，打开需要数分钟</translation>
    </message>
    <message>
        <source>arithmetic on shapes, which ONNX Runtime keeps on the CPU on purpose</source>
        <translation>形状运算，ONNX Runtime 有意把它留在 CPU 上</translation>
    </message>
    <message>
        <source>that processor does not take this operator with these types</source>
        <translation>该处理器不接受这种数据类型的此算子</translation>
    </message>
    <message>
        <source>this build of ONNX Runtime does not have it</source>
        <translation>此 ONNX Runtime 版本不包含它</translation>
    </message>
    <message>
        <source>no such device was found</source>
        <translation>没有找到这样的设备</translation>
    </message>
    <message>
        <source>its library cannot be loaded</source>
        <translation>它的库无法加载</translation>
    </message>
    <message>
        <source>it could not be set up for this model</source>
        <translation>无法为此模型启用它</translation>
    </message>
    <message>
        <source>processors that could not be told: the profile could not be written</source>
        <translation>无法得知的处理器：性能记录无法写入</translation>
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
        <source>How {where} is read is not known completely; still asked for: {missing}.</source>
        <translation>{where} 的解读方式尚不完整，待填项目：{missing}。</translation>
    </message>
    <message>
        <source>Answer them under Model → How this model is read, or write a card by hand.</source>
        <translation>请在“模型 → 模型的解读方式”中补全，或手写一张模型卡。</translation>
    </message>
    <message>
        <source>{where} could not be saved: {detail}</source>
        <translation>无法保存 {where}：{detail}</translation>
    </message>
    <message>
        <source>Choose another folder, or make room in this one.</source>
        <translation>请选择其他文件夹，或在此处腾出空间。</translation>
    </message>
    <message>
        <source>faces, YuNet</source>
        <translation>人脸，YuNet</translation>
    </message>
    <message>
        <source>faces, UltraFace</source>
        <translation>人脸，UltraFace</translation>
    </message>
    <message>
        <source>objects, NanoDet</source>
        <translation>物体，NanoDet</translation>
    </message>
    <message>
        <source>objects, YOLOX</source>
        <translation>物体，YOLOX</translation>
    </message>
    <message>
        <source>objects, YOLO without anchors to decode</source>
        <translation>物体，YOLO（无需解码锚框）</translation>
    </message>
    <message>
        <source>objects, YOLO with anchors</source>
        <translation>物体，YOLO（带锚框）</translation>
    </message>
    <message>
        <source>a class for each picture</source>
        <translation>整幅图像一个类别</translation>
    </message>
    <message>
        <source>the card inside the file says so</source>
        <translation>文件内的模型卡如此说明</translation>
    </message>
    <message>
        <source>the card beside it, {name}, says so</source>
        <translation>旁边的模型卡 {name} 如此说明</translation>
    </message>
    <message>
        <source>what its exporter wrote into the file says so</source>
        <translation>导出程序写入文件的信息如此说明</translation>
    </message>
    <message>
        <source>it is larger than a list of names would be</source>
        <translation>文件过大，不像是名称列表</translation>
    </message>
    <message>
        <source>it is no UTF-8 text</source>
        <translation>不是 UTF-8 文本</translation>
    </message>
    <message>
        <source>there is no name in it</source>
        <translation>其中没有名称</translation>
    </message>
    <message>
        <source>{where} cannot be read as names of classes: {detail}</source>
        <translation>无法将 {where} 读作类别名称：{detail}</translation>
    </message>
    <message>
        <source>Choose a text file with one name in each line.</source>
        <translation>请选择每行一个名称的文本文件。</translation>
    </message>
    <message>
        <source>nothing in the file tells</source>
        <translation>文件中没有说明</translation>
    </message>
    <message>
        <source>the graph takes “{name}”, {shape}</source>
        <translation>计算图的输入为“{name}”，{shape}</translation>
    </message>
    <message>
        <source>its outputs do not fit that kind of model</source>
        <translation>其输出不符合这类模型</translation>
    </message>
    <message>
        <source>as {whose} feeds its models</source>
        <translation>{whose} 通常这样输入</translation>
    </message>
    <message>
        <source>it has {count} inputs; one picture is expected</source>
        <translation>它有 {count} 个输入，应只有一幅图像</translation>
    </message>
    <message>
        <source>the graph takes any size; {whose} uses this one</source>
        <translation>计算图接受任意尺寸，{whose} 使用此尺寸</translation>
    </message>
    <message>
        <source>the graph takes any size</source>
        <translation>计算图接受任意尺寸</translation>
    </message>
    <message>
        <source>the axes do not tell; colours first is usual</source>
        <translation>从各轴看不出；通常颜色在前</translation>
    </message>
    <message>
        <source>there are as many rows as places: none is removed yet</source>
        <translation>行数与位置数相同，尚未去除任何框</translation>
    </message>
    <message>
        <source>{count} classes, as many as {data_set} has</source>
        <translation>{count} 个类别，与 {data_set} 的数量相同</translation>
    </message>
    <message>
        <source>{count} classes; nothing in the file names them</source>
        <translation>{count} 个类别，文件中没有名称</translation>
    </message>
    <message>
        <source>its outputs are of no kind that is known here</source>
        <translation>其输出不属于任何已知类型</translation>
    </message>
    <message>
        <source>no anchors are published for such outputs</source>
        <translation>此类输出没有公开的锚框</translation>
    </message>
    <message>
        <source>{where} is no ground truth that can be used: {detail}</source>
        <translation>{where} 不是可用的标注：{detail}</translation>
    </message>
    <message>
        <source>Choose a COCO .json, a folder of Pascal VOC .xml files, or a YOLO folder of labels with its .yaml or classes.txt.</source>
        <translation>请选择 COCO .json、Pascal VOC .xml 文件夹，或带有 .yaml 或 classes.txt 的 YOLO 标签文件夹。</translation>
    </message>
    <message>
        <source>{where} cannot be used as lines and zones: {detail}</source>
        <translation>{where} 不能用作计数线和区域：{detail}</translation>
    </message>
    <message>
        <source>Correct the file, or draw lines and zones in the window and save them from there.</source>
        <translation>请更正该文件，或在窗口中绘制计数线和区域并从那里保存。</translation>
    </message>
    <message>
        <source>it has more than 2 GB, so that nothing inside it can be shown</source>
        <translation>它超过 2 GB，无法显示其内部</translation>
    </message>
    <message>
        <source>there is one class</source>
        <translation>只有一个类别</translation>
    </message>
    <message>
        <source>chosen by you; before that: {found}</source>
        <translation>由您选择；之前为：{found}</translation>
    </message>
    <message>
        <source>chosen by you</source>
        <translation>由您选择</translation>
    </message>
    <message>
        <source>Kind of model</source>
        <translation>模型类型</translation>
    </message>
    <message>
        <source>Input size</source>
        <translation>输入尺寸</translation>
    </message>
    <message>
        <source>Axes</source>
        <translation>轴顺序</translation>
    </message>
    <message>
        <source>Colour order</source>
        <translation>颜色顺序</translation>
    </message>
    <message>
        <source>Pixel values</source>
        <translation>像素值</translation>
    </message>
    <message>
        <source>Fitting</source>
        <translation>适配方式</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Anchors</source>
        <translation>锚框</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Overlaps</source>
        <translation>重叠框</translation>
    </message>
    <message>
        <source>stated</source>
        <translation>已说明</translation>
    </message>
    <message>
        <source>guessed</source>
        <translation>推测</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>已选择</translation>
    </message>
    <message>
        <source>asked for</source>
        <translation>待填</translation>
    </message>
    <message>
        <source>this app removes them</source>
        <translation>由本应用去除</translation>
    </message>
    <message>
        <source>the graph has removed them</source>
        <translation>计算图已去除</translation>
    </message>
    <message>
        <source>0 to 1</source>
        <translation>0 到 1</translation>
    </message>
    <message>
        <source>0 to 255</source>
        <translation>0 到 255</translation>
    </message>
    <message>
        <source>−1 to 1</source>
        <translation>−1 到 1</translation>
    </message>
    <message>
        <source>(x − 127) / 128</source>
        <translation>(x − 127) / 128</translation>
    </message>
    <message>
        <source>ImageNet, RGB</source>
        <translation>ImageNet，RGB</translation>
    </message>
    <message>
        <source>ImageNet, BGR</source>
        <translation>ImageNet，BGR</translation>
    </message>
    <message>
        <source>“{name}”, {shape}, and {more} outputs like it: so {whose} writes them</source>
        <translation>“{name}”（{shape}）及另外 {more} 个类似输出：{whose} 的写法</translation>
    </message>
    <message>
        <source>output “{name}” is {shape}</source>
        <translation>输出“{name}”为 {shape}</translation>
    </message>
    <message>
        <source>files of this kind hold nothing else</source>
        <translation>此类文件不含其他内容</translation>
    </message>
    <message>
        <source>it could not be tried on a grey picture</source>
        <translation>无法用灰色图像试运行</translation>
    </message>
    <message>
        <source>probabilities, finished boxes</source>
        <translation>概率，已完成的框</translation>
    </message>
    <message>
        <source>probabilities, boxes to be decoded</source>
        <translation>概率，框待解码</translation>
    </message>
    <message>
        <source>logits, finished boxes</source>
        <translation>logits，已完成的框</translation>
    </message>
    <message>
        <source>logits, boxes to be decoded</source>
        <translation>logits，框待解码</translation>
    </message>
    <message>
        <source>on a grey picture the scores added up to 1, and left came before right</source>
        <translation>在灰色图像上分数之和为 1，且左边始终小于右边</translation>
    </message>
    <message>
        <source>on a grey picture the scores added up to 1, and left did not always come before right</source>
        <translation>在灰色图像上分数之和为 1，但左边并非总小于右边</translation>
    </message>
    <message>
        <source>on a grey picture the scores did not add up to 1, and left came before right</source>
        <translation>在灰色图像上分数之和不为 1，且左边始终小于右边</translation>
    </message>
    <message>
        <source>on a grey picture the scores did not add up to 1, and left did not always come before right</source>
        <translation>在灰色图像上分数之和不为 1，且左边并非总小于右边</translation>
    </message>
    <message>
        <source>score, box and five points for each cell, strides 8, 16, 32</source>
        <translation>每个单元格的分数、框和五个关键点，步长 8、16、32</translation>
    </message>
    <message>
        <source>{count} rows are UltraFace&apos;s priors for {width}×{height}</source>
        <translation>{count} 行正是 UltraFace 在 {width}×{height} 下的先验框数</translation>
    </message>
    <message>
        <source>scores, and a distribution for each side of a box</source>
        <translation>分数，以及框每条边的分布</translation>
    </message>
    <message>
        <source>“{name}” has {count} rows, one for each cell of the strides 8, 16 and 32</source>
        <translation>“{name}”有 {count} 行，步长 8、16、32 的每个单元格各一行</translation>
    </message>
    <message>
        <source>boxes in cells, objectness, classes</source>
        <translation>以单元格计的框、物体分数、类别</translation>
    </message>
    <message>
        <source>a row for each place: box, objectness, classes</source>
        <translation>每个位置一行：框、物体分数、类别</translation>
    </message>
    <message>
        <source>a column for each place: box, classes</source>
        <translation>每个位置一列：框、类别</translation>
    </message>
    <message>
        <source>“{name}” is {shape}: {anchors} anchors × (5 + {classes} classes)</source>
        <translation>“{name}”为 {shape}：{anchors} 个锚框 ×（5 + {classes} 个类别）</translation>
    </message>
    <message>
        <source>one head is usual for YOLOv2, several for YOLOv3; here are {count}</source>
        <translation>YOLOv2 通常一个输出头，YOLOv3 多个；这里有 {count} 个</translation>
    </message>
    <message>
        <source>the published anchors of {version} for {classes} classes</source>
        <translation>{version} 针对 {classes} 个类别公开的锚框</translation>
    </message>
    <message>
        <source>logits</source>
        <translation>logits</translation>
    </message>
    <message>
        <source>probabilities</source>
        <translation>概率</translation>
    </message>
    <message>
        <source>on a grey picture they added up to 1</source>
        <translation>在灰色图像上总和为 1</translation>
    </message>
    <message>
        <source>on a grey picture they did not add up to 1</source>
        <translation>在灰色图像上总和不为 1</translation>
    </message>
    <message>
        <source>on a grey picture no centre was farther out than {reach:.0f}, so that they are not pixels</source>
        <translation>在灰色图像上中心最远不超过 {reach:.0f}，因此不是像素</translation>
    </message>
    <message>
        <source>YOLOv2: softmax over the classes</source>
        <translation>YOLOv2：类别间 softmax</translation>
    </message>
    <message>
        <source>YOLOv3: each class by itself</source>
        <translation>YOLOv3：各类别独立</translation>
    </message>
    <message>
        <source>YOLOv3, centres reach over their cells</source>
        <translation>YOLOv3，中心可越出单元格</translation>
    </message>
    <message>
        <source>scaled YOLOv4: that, and squared sides</source>
        <translation>缩放版 YOLOv4：同上，且边长取平方</translation>
    </message>
    <message>
        <source>YOLOv3, already activated</source>
        <translation>YOLOv3，已激活</translation>
    </message>
    <message>
        <source>it is the model itself; choose another name</source>
        <translation>这就是模型本身，请换一个名称</translation>
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
        <source>{where} cannot be compared: it names whole pictures and finds no boxes.</source>
        <translation>{where} 无法比较：它只给整幅图片命名，不找框。</translation>
    </message>
    <message>
        <source>Choose a model that finds objects.</source>
        <translation>请选择能找出物体的模型。</translation>
    </message>
    <message>
        <source>a whole file and a model are needed for that</source>
        <translation>这需要一个完整的文件和一个模型</translation>
    </message>
    <message>
        <source>it is too large</source>
        <translation>文件过大</translation>
    </message>
    <message>
        <source>it is not text in UTF-8</source>
        <translation>不是 UTF-8 文本</translation>
    </message>
    <message>
        <source>it has no end to search for; choose a file or a folder</source>
        <translation>它没有结尾，无法查找；请选择文件或文件夹</translation>
    </message>
    <message>
        <source>The results of this video cannot be kept in {where}: {detail}.</source>
        <translation>无法将此视频的检测结果保存到 {where}：{detail}。</translation>
    </message>
    <message>
        <source>The video plays on; what was kept before is not touched.</source>
        <translation>视频照常播放；先前保存的内容不受影响。</translation>
    </message>
    <message>
        <source>{where} holds results in version {found} of their file; this app knows {expected}.</source>
        <translation>{where} 中的结果文件版本为 {found}；本应用支持版本 {expected}。</translation>
    </message>
    <message>
        <source>Update the app, or move the file away. The video plays on, and its results are not kept.</source>
        <translation>请更新应用，或将该文件移走。视频照常播放，但其结果不会保存。</translation>
    </message>
    <message>
        <source>The results of this video in {where} are damaged: {detail}.</source>
        <translation>{where} 中此视频的检测结果已损坏：{detail}。</translation>
    </message>
    <message>
        <source>The file is kept under another name, and a new one begun.</source>
        <translation>该文件已改名保留，并新建了一个文件。</translation>
    </message>
    <message>
        <source>There is no room left for the results of this video in {where}.</source>
        <translation>{where} 中没有空间保存此视频的检测结果。</translation>
    </message>
    <message>
        <source>Free some space; what was kept until now is whole.</source>
        <translation>请腾出一些空间；至今保存的内容完好无损。</translation>
    </message>
    <message>
        <source>it is another program&apos;s file</source>
        <translation>这是其他程序的文件</translation>
    </message>
    <message>
        <source>the embedding of a face is not finite, or zero</source>
        <translation>人脸的特征向量不是有限数值或为零</translation>
    </message>
    <message>
        <source>{where} does not tell faces apart: its task is “{found}”.</source>
        <translation>{where} 不能区分人脸：其任务是“{found}”。</translation>
    </message>
    <message>
        <source>Choose a model with the task “embed”; known: {known}.</source>
        <translation>请选择任务为“embed”的模型；已知：{known}。</translation>
    </message>
    <message>
        <source>{where} does not find faces with their landmarks (task “{found}”).</source>
        <translation>{where} 不能检测带关键点的人脸（任务“{found}”）。</translation>
    </message>
    <message>
        <source>Choose mtcnn, or another model that gives the five landmarks.</source>
        <translation>请选择 mtcnn，或其他能给出五个关键点的模型。</translation>
    </message>
    <message>
        <source>There is no face in {where}.</source>
        <translation>{where} 中没有人脸。</translation>
    </message>
    <message>
        <source>Use a picture in which the face is seen from the front, in good light, and not too small.</source>
        <translation>请使用正面、光线良好且人脸不太小的图片。</translation>
    </message>
    <message>
        <source>There are {found} faces in {where}, and it is not clear which one is meant.</source>
        <translation>{where} 中有 {found} 张人脸，无法确定指的是哪一张。</translation>
    </message>
    <message>
        <source>Cut the picture so that it shows one person, or allow the largest face to be taken.</source>
        <translation>请裁剪图片使其只含一人，或允许取最大的人脸。</translation>
    </message>
    <message>
        <source>The face gallery {where} cannot be used: {detail}</source>
        <translation>无法使用人脸库 {where}：{detail}</translation>
    </message>
    <message>
        <source>Check the file and its permissions, or choose another gallery.</source>
        <translation>请检查文件及其权限，或选择其他人脸库。</translation>
    </message>
    <message>
        <source>The face gallery {where} has version {found}; this app reads versions up to {expected}.</source>
        <translation>人脸库 {where} 的版本为 {found}；本应用最高读取版本 {expected}。</translation>
    </message>
    <message>
        <source>Update the app, or choose another gallery.</source>
        <translation>请更新应用，或选择其他人脸库。</translation>
    </message>
    <message>
        <source>The face gallery {where} is in use by another program.</source>
        <translation>人脸库 {where} 正被其他程序使用。</translation>
    </message>
    <message>
        <source>Wait until the other program has finished, then try again. Nothing was changed.</source>
        <translation>请等其他程序结束后重试。没有任何改动。</translation>
    </message>
    <message>
        <source>The face gallery {where} is damaged ({detail}). It was set aside as {aside}; {people} people with {pictures} pictures could be read and were taken over.</source>
        <translation>人脸库 {where} 已损坏（{detail}）。原文件已另存为 {aside}；可读取的 {people} 人共 {pictures} 张图片已接管。</translation>
    </message>
    <message>
        <source>Look through the list of people, and enrol again those who are missing.</source>
        <translation>请检查人员列表，并重新录入缺少的人。</translation>
    </message>
    <message>
        <source>Nobody called “{where}” is enrolled.</source>
        <translation>没有录入名为“{where}”的人。</translation>
    </message>
    <message>
        <source>Enrolled are: {known}.</source>
        <translation>已录入：{known}。</translation>
    </message>
    <message>
        <source>“{where}” cannot be a name: {detail}</source>
        <translation>“{where}”不能作为姓名：{detail}</translation>
    </message>
    <message>
        <source>Choose a name of 1 to 100 characters on one line.</source>
        <translation>请输入 1 到 100 个字符的单行姓名。</translation>
    </message>
    <message>
        <source>“{where}” is the name of another person.</source>
        <translation>“{where}”是另一个人的姓名。</translation>
    </message>
    <message>
        <source>Choose another name, or enrol the pictures for that person.</source>
        <translation>请换一个姓名，或将图片录入到该人名下。</translation>
    </message>
    <message>
        <source>{where} cannot be exchanged: {detail}</source>
        <translation>无法导入或导出 {where}：{detail}</translation>
    </message>
    <message>
        <source>Check the folder and its permissions, or choose another one.</source>
        <translation>请检查文件夹及其权限，或选择其他文件夹。</translation>
    </message>
    <message>
        <source>it exists already</source>
        <translation>已存在</translation>
    </message>
    <message>
        <source>the face was not kept, and it was embedded by another model</source>
        <translation>人脸未保留，且特征由其他模型提取</translation>
    </message>
    <message>
        <source>its embedding is damaged</source>
        <translation>其特征向量已损坏</translation>
    </message>
    <message>
        <source>a picture has changed</source>
        <translation>一张图片已改变</translation>
    </message>
    <message>
        <source>an embedding has changed</source>
        <translation>一个特征向量已改变</translation>
    </message>
    <message>
        <source>it is the database of another program</source>
        <translation>这是其他程序的数据库</translation>
    </message>
    <message>
        <source>it was damaged while it was open; open it again</source>
        <translation>打开期间已损坏；请重新打开</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <source>it is no gallery</source>
        <translation>不是人脸库</translation>
    </message>
    <message>
        <source>it is empty</source>
        <translation>内容为空</translation>
    </message>
    <message>
        <source>it is too long</source>
        <translation>过长</translation>
    </message>
    <message>
        <source>it holds characters that cannot be shown</source>
        <translation>含有无法显示的字符</translation>
    </message>
    <message>
        <source>not usable</source>
        <translation>无法使用</translation>
    </message>
    <message>
        <source>The face in {where} cannot be used: {detail}</source>
        <translation>{where} 中的人脸无法使用：{detail}</translation>
    </message>
    <message>
        <source>Take another picture.</source>
        <translation>请换一张图片。</translation>
    </message>
    <message>
        <source>too small</source>
        <translation>太小</translation>
    </message>
    <message>
        <source>The picture {where} has {found} pixels; that is too small for a face.</source>
        <translation>图片 {where} 只有 {found} 像素，不足以容纳人脸。</translation>
    </message>
    <message>
        <source>Use a larger picture.</source>
        <translation>请使用更大的图片。</translation>
    </message>
    <message>
        <source>The face in {where} is too small: {found} pixels between the eyes, at least {expected} are needed.</source>
        <translation>{where} 中的人脸太小：两眼间距 {found} 像素，至少需要 {expected} 像素。</translation>
    </message>
    <message>
        <source>Come closer to the camera, or use a picture with more pixels.</source>
        <translation>请靠近摄像头，或使用分辨率更高的图片。</translation>
    </message>
    <message>
        <source>cut off</source>
        <translation>被截断</translation>
    </message>
    <message>
        <source>The face in {where} is cut off by the edge of the picture.</source>
        <translation>{where} 中的人脸被画面边缘截断。</translation>
    </message>
    <message>
        <source>Move so that the whole face is in the picture.</source>
        <translation>请移动位置，使整张脸都在画面中。</translation>
    </message>
    <message>
        <source>not a face</source>
        <translation>不是人脸</translation>
    </message>
    <message>
        <source>What was found in {where} does not look like a face: its eyes, nose and mouth lie strangely.</source>
        <translation>在 {where} 中找到的不像人脸：眼睛、鼻子和嘴的位置异常。</translation>
    </message>
    <message>
        <source>Use a picture in which eyes, nose and mouth are seen.</source>
        <translation>请使用能看到眼睛、鼻子和嘴的图片。</translation>
    </message>
    <message>
        <source>turned away</source>
        <translation>侧脸</translation>
    </message>
    <message>
        <source>The face in {where} is turned to the side by about {found}°; at most {expected}° are allowed.</source>
        <translation>{where} 中的人脸侧转约 {found}°；最多允许 {expected}°。</translation>
    </message>
    <message>
        <source>Look into the camera.</source>
        <translation>请正视摄像头。</translation>
    </message>
    <message>
        <source>looks up or down</source>
        <translation>上仰或下俯</translation>
    </message>
    <message>
        <source>The face in {where} looks up or down by about {found}°; at most {expected}° are allowed.</source>
        <translation>{where} 中的人脸上仰或下俯约 {found}°；最多允许 {expected}°。</translation>
    </message>
    <message>
        <source>Hold the camera at the height of the eyes and look into it.</source>
        <translation>请将摄像头置于眼睛高度并注视它。</translation>
    </message>
    <message>
        <source>tilted</source>
        <translation>倾斜</translation>
    </message>
    <message>
        <source>The face in {where} is tilted by about {found}°; at most {expected}° are allowed.</source>
        <translation>{where} 中的人脸倾斜约 {found}°；最多允许 {expected}°。</translation>
    </message>
    <message>
        <source>Hold the head or the camera upright, or turn the picture.</source>
        <translation>请扶正头部或摄像头，或旋转图片。</translation>
    </message>
    <message>
        <source>too dark</source>
        <translation>过暗</translation>
    </message>
    <message>
        <source>The face in {where} is too dark: brightness {found}, at least {expected} is needed.</source>
        <translation>{where} 中的人脸过暗：亮度 {found}，至少需要 {expected}。</translation>
    </message>
    <message>
        <source>Turn on a light or face the window.</source>
        <translation>请开灯或面向窗户。</translation>
    </message>
    <message>
        <source>too bright</source>
        <translation>过亮</translation>
    </message>
    <message>
        <source>The face in {where} is too bright: brightness {found}, at most {expected} is allowed.</source>
        <translation>{where} 中的人脸过亮：亮度 {found}，最多允许 {expected}。</translation>
    </message>
    <message>
        <source>Move out of the direct light, or lower the camera&apos;s exposure.</source>
        <translation>请避开直射光，或降低摄像头的曝光。</translation>
    </message>
    <message>
        <source>no contrast</source>
        <translation>对比度低</translation>
    </message>
    <message>
        <source>The face in {where} has too little contrast: {found}, at least {expected} is needed.</source>
        <translation>{where} 中的人脸对比度过低：{found}，至少需要 {expected}。</translation>
    </message>
    <message>
        <source>Let light fall on the face from the front, clean the lens, and check that there is a face at all.</source>
        <translation>请让光线从正面照到脸上，擦净镜头，并确认画面中确实有人脸。</translation>
    </message>
    <message>
        <source>blurred</source>
        <translation>模糊</translation>
    </message>
    <message>
        <source>The face in {where} is blurred: sharpness {found}, at least {expected} is needed.</source>
        <translation>{where} 中的人脸模糊：清晰度 {found}，至少需要 {expected}。</translation>
    </message>
    <message>
        <source>Hold still, clean the lens, and let the camera focus; more light helps, too.</source>
        <translation>请保持不动、擦净镜头并等待对焦；增加光线也有帮助。</translation>
    </message>
    <message>
        <source>another program is mending it; open it again</source>
        <translation>其他程序正在修复它；请重新打开</translation>
    </message>
    <message>
        <source>from your own enrolments</source>
        <translation>来自您自己的录入</translation>
    </message>
    <message>
        <source>the model&apos;s own, because there are too few enrolments to tell</source>
        <translation>模型默认值，因为录入太少</translation>
    </message>
    <message>
        <source>a guess, because the model names none and there are too few enrolments to tell</source>
        <translation>估计值，因为模型未给出阈值且录入太少</translation>
    </message>
    <message>
        <source>it is not encrypted</source>
        <translation>它没有加密</translation>
    </message>
    <message>
        <source>it hung up</source>
        <translation>它断开了连接</translation>
    </message>
    <message>
        <source>The gallery has no model {where}.</source>
        <translation>模型库中没有模型 {where}。</translation>
    </message>
    <message>
        <source>It has: {known}.</source>
        <translation>其中有：{known}。</translation>
    </message>
    <message>
        <source>The model {where} is not on this machine.</source>
        <translation>模型 {where} 不在本机。</translation>
    </message>
    <message>
        <source>Get it with: detector-app models get {where}</source>
        <translation>用以下命令获取：detector-app models get {where}</translation>
    </message>
    <message>
        <source>The model {where} is damaged: {detail}</source>
        <translation>模型 {where} 已损坏：{detail}</translation>
    </message>
    <message>
        <source>Get it again with: detector-app models get {where}</source>
        <translation>用以下命令重新获取：detector-app models get {where}</translation>
    </message>
    <message>
        <source>{where} cannot be reached: {detail}</source>
        <translation>无法连接 {where}：{detail}</translation>
    </message>
    <message>
        <source>Check the network and try again. What has come so far is kept, and the download continues from there.</source>
        <translation>请检查网络后重试。已下载的部分会保留，下载将从那里继续。</translation>
    </message>
    <message>
        <source>{where} does not prove who it is: {detail}</source>
        <translation>{where} 不能证明其身份：{detail}</translation>
    </message>
    <message>
        <source>Check the clock of this machine and whatever stands between it and the network. Nothing was taken.</source>
        <translation>请检查本机的时钟，以及本机与网络之间的设备。没有接收任何内容。</translation>
    </message>
    <message>
        <source>{where} answered “{found}” instead of the file.</source>
        <translation>{where} 回答“{found}”，而没有给出文件。</translation>
    </message>
    <message>
        <source>Try again later. If it stays so, the file has moved: look at the model&apos;s source page.</source>
        <translation>请稍后重试。如果一直如此，说明文件已移动：请查看模型的来源页面。</translation>
    </message>
    <message>
        <source>{where} leads to {found}, which is not fetched: {detail}</source>
        <translation>{where} 指向 {found}，不予获取：{detail}</translation>
    </message>
    <message>
        <source>Look at the model&apos;s source page, or try another network.</source>
        <translation>请查看模型的来源页面，或换一个网络。</translation>
    </message>
    <message>
        <source>The download of {where} broke off after {found} of {expected}.</source>
        <translation>{where} 的下载中断，已下载 {found}，共 {expected}。</translation>
    </message>
    <message>
        <source>Try again: it continues where it broke off.</source>
        <translation>请重试：将从中断处继续。</translation>
    </message>
    <message>
        <source>{where} is not the file that was expected: the server sends {found}, it should be {expected}.</source>
        <translation>{where} 不是预期的文件：服务器发送 {found}，应为 {expected}。</translation>
    </message>
    <message>
        <source>Nothing of it was kept. The file at its source was changed, or something on the way replaces it.</source>
        <translation>没有保留任何内容。来源处的文件已更改，或途中有设备替换了它。</translation>
    </message>
    <message>
        <source>{where} is not the file that was expected: its SHA-256 is {found}, it should be {expected}.</source>
        <translation>{where} 不是预期的文件：其 SHA-256 为 {found}，应为 {expected}。</translation>
    </message>
    <message>
        <source>The download of {where} was cancelled.</source>
        <translation>{where} 的下载已取消。</translation>
    </message>
    <message>
        <source>What has come so far is kept; start it again to continue.</source>
        <translation>已下载的部分会保留；重新开始即可继续。</translation>
    </message>
    <message>
        <source>{where} is being downloaded by another window or command.</source>
        <translation>另一个窗口或命令正在下载 {where}。</translation>
    </message>
    <message>
        <source>Wait until it is done.</source>
        <translation>请等待其完成。</translation>
    </message>
    <message>
        <source>{where} needs {expected}, and the disk has {found} left.</source>
        <translation>{where} 需要 {expected}，而磁盘只剩 {found}。</translation>
    </message>
    <message>
        <source>Free some space, or choose another folder for the models.</source>
        <translation>请释放一些空间，或为模型选择另一个文件夹。</translation>
    </message>
    <message>
        <source>Free some space and start the download again: it continues where it stopped.</source>
        <translation>请释放一些空间后重新下载：将从停止处继续。</translation>
    </message>
    <message>
        <source>The models&apos; folder {where} cannot be used: {detail}</source>
        <translation>无法使用模型文件夹 {where}：{detail}</translation>
    </message>
    <message>
        <source>Check its permissions, or choose another folder for the models.</source>
        <translation>请检查其权限，或为模型选择另一个文件夹。</translation>
    </message>
    <message>
        <source>{where} has to be converted here, and that needs PyTorch.</source>
        <translation>{where} 需要在本机转换，而转换需要 PyTorch。</translation>
    </message>
    <message>
        <source>Install it with: pip install &quot;detector-app[train]&quot;</source>
        <translation>用以下命令安装：pip install &quot;detector-app[train]&quot;</translation>
    </message>
    <message>
        <source>{where} was downloaded but could not be converted: {detail}</source>
        <translation>{where} 已下载，但无法转换：{detail}</translation>
    </message>
    <message>
        <source>The downloaded files are kept. Update the app and try again.</source>
        <translation>已下载的文件会保留。请更新应用后重试。</translation>
    </message>
    <message>
        <source>it is none of the known formats</source>
        <translation>不是已知的格式</translation>
    </message>
    <message>
        <source>it holds several .json files; choose one of them</source>
        <translation>其中有多个 .json 文件，请选择其中一个</translation>
    </message>
    <message>
        <source>it holds no .json, no .xml and no labels</source>
        <translation>其中没有 .json、.xml 或标签</translation>
    </message>
    <message>
        <source>it is larger than 512 MB</source>
        <translation>超过 512 MB</translation>
    </message>
    <message>
        <source>its category is not in “categories”</source>
        <translation>其类别不在“categories”中</translation>
    </message>
    <message>
        <source>no folder “labels” with .txt files lies beside it</source>
        <translation>旁边没有含 .txt 文件的“labels”文件夹</translation>
    </message>
    <message>
        <source>nothing names its classes: neither a .yaml nor classes.txt lies beside it</source>
        <translation>没有类别名称：旁边既没有 .yaml 也没有 classes.txt</translation>
    </message>
    <message>
        <source>it is larger than 4 MB</source>
        <translation>超过 4 MB</translation>
    </message>
    <message>
        <source>it has no list “names” of the classes</source>
        <translation>其中没有类别列表“names”</translation>
    </message>
    <message>
        <source>it is no text</source>
        <translation>不是文本</translation>
    </message>
    <message>
        <source>it is no YAML that can be read</source>
        <translation>不是可读取的 YAML</translation>
    </message>
    <message>
        <source>it is no Pascal VOC file: its root is not “annotation”</source>
        <translation>不是 Pascal VOC 文件：根元素不是“annotation”</translation>
    </message>
    <message>
        <source>it declares a document type or entities, which could do harm</source>
        <translation>其中声明了文档类型或实体，可能造成危害</translation>
    </message>
    <message>
        <source>The exporter does not say what it can export: {detail}</source>
        <translation>导出程序没有说明它能导出什么：{detail}</translation>
    </message>
    <message>
        <source>Install the app and its exporter in the same version.</source>
        <translation>请安装同一版本的应用和导出程序。</translation>
    </message>
    <message>
        <source>the number of families is not possible</source>
        <translation>种类的数量不合理</translation>
    </message>
    <message>
        <source>its answer is empty</source>
        <translation>它的回答是空的</translation>
    </message>
    <message>
        <source>a family has no possible name or number of arguments</source>
        <translation>某个种类的名称或参数数量不合理</translation>
    </message>
    <message>
        <source>an argument has no possible name</source>
        <translation>某个参数的名称不合理</translation>
    </message>
    <message>
        <source>a part of its answer is missing</source>
        <translation>它的回答缺少一部分</translation>
    </message>
    <message>
        <source>its answer is not JSON</source>
        <translation>它的回答不是 JSON</translation>
    </message>
    <message>
        <source>an argument is of an unknown kind</source>
        <translation>某个参数的类型未知</translation>
    </message>
    <message>
        <source>{where} cannot be written: {detail}</source>
        <translation>无法写入 {where}：{detail}</translation>
    </message>
    <message>
        <source>Open it in the window, or let detector-app info --guess show how it would be read; --save-card keeps that as {expected}.</source>
        <translation>请在窗口中打开它，或用 detector-app info --guess 查看将如何解读；--save-card 会将其保存为 {expected}。</translation>
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
    <message>
        <source>whole, with bars (letterbox)</source>
        <translation>整幅加边条（letterbox）</translation>
    </message>
    <message>
        <source>stretched</source>
        <translation>拉伸</translation>
    </message>
    <message>
        <source>not resized</source>
        <translation>不缩放</translation>
    </message>
    <message>
        <source>centre cut out</source>
        <translation>裁取中央</translation>
    </message>
    <message>
        <source>colours first (NCHW)</source>
        <translation>颜色在前（NCHW）</translation>
    </message>
    <message>
        <source>colours last (NHWC)</source>
        <translation>颜色在后（NHWC）</translation>
    </message>
    <message>
        <source>red first (RGB)</source>
        <translation>红色在前（RGB）</translation>
    </message>
    <message>
        <source>blue first (BGR)</source>
        <translation>蓝色在前（BGR）</translation>
    </message>
    <message>
        <source>grey</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>{width} × {height}; takes others</source>
        <translation>{width} × {height}，也接受其他尺寸</translation>
    </message>
    <message>
        <source>{how}, {value} in the bars</source>
        <translation>{how}，边条亮度 {value}</translation>
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
        <source>Beside the video</source>
        <translation>视频旁边</translation>
    </message>
    <message>
        <source>In the app&apos;s folder</source>
        <translation>应用文件夹中</translation>
    </message>
    <message>
        <source>Nowhere</source>
        <translation>不保存</translation>
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
        <source>Faces</source>
        <translation>人脸</translation>
    </message>
    <message>
        <source>Smallest face</source>
        <translation>最小人脸</translation>
    </message>
    <message>
        <source>Side of the smallest face that is looked for, in pixels of the picture; a larger one is much faster.</source>
        <translation>要查找的最小人脸边长，以图片像素计；越大越快。</translation>
    </message>
    <message>
        <source>Pyramid factor</source>
        <translation>金字塔比例</translation>
    </message>
    <message>
        <source>Each level of the pyramid in which faces are looked for has this part of the sides of the one before.</source>
        <translation>查找人脸的金字塔中，每一层的边长是上一层的这一比例。</translation>
    </message>
    <message>
        <source>Least score of P-Net</source>
        <translation>P-Net 最低置信度</translation>
    </message>
    <message>
        <source>The first network proposes places with this score or more.</source>
        <translation>第一个网络提出置信度不低于此值的候选位置。</translation>
    </message>
    <message>
        <source>Least score of R-Net</source>
        <translation>R-Net 最低置信度</translation>
    </message>
    <message>
        <source>The second network lets places with this score or more through.</source>
        <translation>第二个网络保留置信度不低于此值的候选位置。</translation>
    </message>
    <message>
        <source>Least score of faces</source>
        <translation>人脸最低置信度</translation>
    </message>
    <message>
        <source>Least score of a face where objects are found, too; alone, the common least score counts.</source>
        <translation>同时检测目标时人脸的最低置信度；单独检测人脸时使用通用的最低置信度。</translation>
    </message>
    <message>
        <source>Frames per search</source>
        <translation>搜索间隔帧数</translation>
    </message>
    <message>
        <source>In a video, only each such frame is searched for faces; between them the known ones are followed.</source>
        <translation>视频中每隔这么多帧搜索一次人脸；其间跟踪已知人脸。</translation>
    </message>
    <message>
        <source>Name the faces</source>
        <translation>标出人脸姓名</translation>
    </message>
    <message>
        <source>Compare every face with those that are enrolled. Everything stays on this machine.</source>
        <translation>将每张人脸与已录入的人脸比较。所有数据只保存在本机。</translation>
    </message>
    <message>
        <source>Blur strangers</source>
        <translation>模糊陌生人</translation>
    </message>
    <message>
        <source>Make faces that are not enrolled unrecognisable, in recordings and exports, too. What is not found is not blurred.</source>
        <translation>使未录入的人脸无法辨认，录制和导出中也一样。未检测到的人脸不会被模糊。</translation>
    </message>
    <message>
        <source>Keep pictures of enrolled faces</source>
        <translation>保留已录入的人脸图片</translation>
    </message>
    <message>
        <source>Then another embedder can be used later without enrolling everybody again.</source>
        <translation>这样以后可以换用其他特征模型，而不必重新录入所有人。</translation>
    </message>
    <message>
        <source>Face embedder</source>
        <translation>人脸特征模型</translation>
    </message>
    <message>
        <source>Name or file of the model that tells faces apart; empty for the embedded one.</source>
        <translation>区分人脸的模型名称或文件；留空则使用内置模型。</translation>
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
        <source>Keep results of videos</source>
        <translation>保存视频的检测结果</translation>
    </message>
    <message>
        <source>What was found in a video, so that opening it again needs no network: in a small file beside it, or in the app&apos;s folder.</source>
        <translation>保存在视频中检测到的内容，再次打开时无需推理：存为视频旁边的小文件，或存入应用文件夹。</translation>
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
